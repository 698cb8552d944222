using System.Text.Json.Serialization.Metadata;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Coordination.Routes;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Dev.Tailnet.RestApi;
using Fairlead.Dev.Tailnet.Settings;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Devices;

internal sealed class DeviceEndpoints(DeviceRegistry devices, PolicyFile policy, TailnetSettingsStore settings, TimeProvider time)
    : IEndpointSet
{
    private const string Item = "/api/v2/device/{id}";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", ApiRoute.Tailnet + "/devices", Scopes.DevicesRead, List),
        new("GET", Item, Scopes.DevicesRead, Get),
        new("DELETE", Item, Scopes.Devices, Delete),
        new("POST", Item + "/authorized", Scopes.Devices, Authorize),
        new("POST", Item + "/name", Scopes.Devices, Rename),
        new("POST", Item + "/tags", Scopes.Devices, SetTags),
        new("POST", Item + "/key", Scopes.Devices, SetKeyExpiry),
        new("POST", Item + "/expire", Scopes.Devices, Expire),
        new("GET", Item + "/routes", Scopes.RoutesRead, GetRoutes),
        new("POST", Item + "/routes", Scopes.Routes, SetRoutes),
    ];

    private ApiReply List(ApiCall call) => ApiReply.Json(
        new DeviceListBody([.. devices.Snapshot().Select(device => Body(call, device))]), RestApiJson.Default.DeviceListBody);

    private ApiReply Get(ApiCall call) => ApiReply.Json(Body(call, Required(call)), RestApiJson.Default.DeviceBody);

    private ApiReply Delete(ApiCall call) =>
        devices.Remove(call.RouteValue("id")) ? ApiReply.Ok : throw NoDevice();

    private ApiReply Authorize(ApiCall call)
    {
        var body = Read(call, RestApiJson.Default.DeviceAuthorizedBody);
        return Change(call, device => device with { Authorized = body.Authorized });
    }

    private ApiReply Rename(ApiCall call)
    {
        var body = Read(call, RestApiJson.Default.DeviceNameBody);
        Required(call);
        return devices.Rename(call.RouteValue("id"), body.Name)
            ? ApiReply.Ok
            : throw ApiRefusal.BadRequest($"name \"{body.Name}\" is taken by another device");
    }

    private ApiReply SetTags(ApiCall call)
    {
        var body = Read(call, RestApiJson.Default.DeviceTagsBody);
        if (body.Tags.Count == 0) throw ApiRefusal.BadRequest("tags must not be empty: a tagged device cannot get an owner again");
        policy.DemandTags(body.Tags, call.RequiredGrant);
        return Change(call, device => device with { Tags = body.Tags, User = "" });
    }

    private ApiReply SetKeyExpiry(ApiCall call)
    {
        var body = Read(call, RestApiJson.Default.DeviceKeyBody);
        return Change(call, device => device with
        {
            KeyExpiry = body.KeyExpiryDisabled ? null : device.KeyExpiry ?? time.GetUtcNow() + settings.KeyDuration,
        });
    }

    private ApiReply Expire(ApiCall call) => devices.Expire(call.RouteValue("id")) ? ApiReply.Ok : throw NoDevice();

    private ApiReply GetRoutes(ApiCall call) => RoutesOf(Required(call));

    private ApiReply SetRoutes(ApiCall call)
    {
        var wanted = Read(call, RestApiJson.Default.DeviceRoutesRequestBody).Routes.Select(ParseRoute).ToHashSet();
        if (Required(call).Node is null) throw ApiRefusal.BadRequest("the device has no node, hence no routes");
        Change(call, device => device with { Node = device.Node is { } node ? Decided(node, wanted) : null });
        return RoutesOf(Required(call));
    }

    // What is advertised and not wanted is refused, or an autoApprover would bring it back.
    private static DeviceNode Decided(DeviceNode node, HashSet<IPPrefix> wanted) => node with
    {
        RouteDecisions = node.Hostinfo.RoutableIPs.Select(route => route.Masked()).Union(wanted).ToDictionary(route => route, wanted.Contains),
    };

    private ApiReply RoutesOf(TailnetDevice device)
    {
        var routes = DeviceRoutes.Of(device, policy.Current.Rules);
        var body = new DeviceRoutesBody(
            [.. routes.Advertised.Select(route => route.ToString())], [.. routes.Enabled.Select(route => route.ToString())]);
        return ApiReply.Json(body, RestApiJson.Default.DeviceRoutesBody);
    }

    private DeviceBody Body(ApiCall call, TailnetDevice device) =>
        DeviceBody.Of(device, call.QueryValue("fields") == "all" ? DeviceRoutes.Of(device, policy.Current.Rules) : null);

    private ApiReply Change(ApiCall call, Func<TailnetDevice, TailnetDevice> change) =>
        devices.Update(call.RouteValue("id"), change) is null ? throw NoDevice() : ApiReply.Ok;

    private TailnetDevice Required(ApiCall call) => devices.Find(call.RouteValue("id")) ?? throw NoDevice();

    private static T Read<T>(ApiCall call, JsonTypeInfo<T> type)
        where T : class => StrictJson.Read(call, type);

    private static IPPrefix ParseRoute(string text) =>
        PrefixText.TryParse(text, out var route) ? route : throw ApiRefusal.BadRequest($"route \"{text}\" is not an address or a prefix");

    private static ApiRefusal NoDevice() => ApiRefusal.NotFound("device not found");
}
