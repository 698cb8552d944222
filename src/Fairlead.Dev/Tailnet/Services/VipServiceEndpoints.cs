using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Services;

internal sealed class VipServiceEndpoints(VipServiceRegistry services, PolicyFile policy) : IEndpointSet
{
    private const string List = ApiRoute.Tailnet + "/vip-services";
    private const string Item = List + "/{name}";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", List, Scopes.ServicesRead, ListServices),
        new("GET", Item, Scopes.ServicesRead, Get),
        new("PUT", Item, Scopes.Services, Put),
        new("DELETE", Item, Scopes.Services, Delete),
    ];

    private ApiReply ListServices(ApiCall call) => ApiReply.Json(
        new VipServiceListBody([.. services.Snapshot().Select(VipServiceBody.Of)]), RestApiJson.Default.VipServiceListBody);

    private ApiReply Get(ApiCall call)
    {
        var service = services.Find(NameOf(call)) ?? throw ApiRefusal.NotFound("service not found");
        return ApiReply.Json(VipServiceBody.Of(service), RestApiJson.Default.VipServiceBody);
    }

    private ApiReply Put(ApiCall call)
    {
        var body = StrictJson.Read(call, RestApiJson.Default.VipServiceBody);
        var name = NameOf(call);
        if (body.Name is not null && body.Name != name)
        {
            throw ApiRefusal.BadRequest($"name \"{body.Name}\" in the body is not the path's \"{name}\"");
        }
        var service = new TailnetService
        {
            Name = name,
            Addresses = body.Addrs ?? [],
            DisplayName = body.DisplayName ?? "",
            Comment = body.Comment ?? "",
            Annotations = body.Annotations ?? new Dictionary<string, string>(),
            Ports = body.Ports ?? [],
            Tags = body.Tags ?? [],
        };
        if (VipServiceRules.Violation(service) is { } violation) throw ApiRefusal.BadRequest(violation);
        if (service.Tags.Count > 0) policy.DemandTags(service.Tags, call.RequiredGrant);
        try
        {
            return ApiReply.Json(VipServiceBody.Of(services.Put(service)), RestApiJson.Default.VipServiceBody);
        }
        catch (InvalidOperationException taken)
        {
            throw new ApiRefusal(409, new ErrorBody(taken.Message));
        }
    }

    private ApiReply Delete(ApiCall call) =>
        services.Remove(NameOf(call)) ? ApiReply.Ok : throw ApiRefusal.NotFound("service not found");

    private static string NameOf(ApiCall call) => call.RouteValue("name");
}
