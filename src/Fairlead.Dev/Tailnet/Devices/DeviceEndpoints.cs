using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Devices;

internal sealed class DeviceEndpoints(DeviceRegistry devices) : IEndpointSet
{
    private const string Item = "/api/v2/device/{id}";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", ApiRoute.Tailnet + "/devices", Scopes.DevicesRead, List),
        new("GET", Item, Scopes.DevicesRead, Get),
        new("DELETE", Item, Scopes.Devices, Delete),
    ];

    private ApiReply List(ApiCall call) => ApiReply.Json(
        new DeviceListBody([.. devices.Snapshot().Select(DeviceBody.Of)]), RestApiJson.Default.DeviceListBody);

    private ApiReply Get(ApiCall call)
    {
        var device = devices.Find(call.RouteValue("id")) ?? throw ApiRefusal.NotFound("device not found");
        return ApiReply.Json(DeviceBody.Of(device), RestApiJson.Default.DeviceBody);
    }

    private ApiReply Delete(ApiCall call) =>
        devices.Remove(call.RouteValue("id")) ? ApiReply.Ok : throw ApiRefusal.NotFound("device not found");
}
