using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Keys;

internal sealed class KeyEndpoints(AuthKeyRegistry keys, PolicyFile policy) : IEndpointSet
{
    private const string List = ApiRoute.Tailnet + "/keys";
    private const string Item = List + "/{id}";
    private const int MaxDescription = 50;

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", List, Scopes.AuthKeysRead, ListKeys),
        new("POST", List, Scopes.AuthKeys, Create),
        new("GET", Item, Scopes.AuthKeysRead, Get),
        new("DELETE", Item, Scopes.AuthKeys, Delete),
    ];

    // A client sees its own keys unless it asks for all.
    private ApiReply ListKeys(ApiCall call)
    {
        var all = call.HasFlag("all");
        var seen = keys.Snapshot().Where(key => all || key.ClientId == call.RequiredGrant.ClientId);
        return ApiReply.Json(new KeyListBody([.. seen.Select(key => KeyBody.Of(key, keys.Now))]), RestApiJson.Default.KeyListBody);
    }

    private ApiReply Create(ApiCall call)
    {
        var body = StrictJson.Read(call, RestApiJson.Default.CreateKeyBody);
        if (body.KeyType is not (null or "auth"))
        {
            throw ApiRefusal.BadRequest($"keyType \"{body.KeyType}\" is not offered: the embedded control plane makes auth keys only");
        }
        if (body.Capabilities?.Devices?.Create is not { } create)
        {
            throw ApiRefusal.BadRequest("capabilities.devices.create is required");
        }
        if (create.Tags is not { Count: > 0 })
        {
            throw ApiRefusal.BadRequest("capabilities.devices.create.tags is required for keys made by an OAuth or federated client");
        }
        var description = body.Description ?? "";
        if (description.Length > MaxDescription)
        {
            throw ApiRefusal.BadRequest($"description has {description.Length} characters; at most {MaxDescription} are allowed");
        }
        var seconds = body.ExpirySeconds ?? 0;
        if (seconds < 0 || seconds > AuthKeyRegistry.MaxLifetime.TotalSeconds)
        {
            throw ApiRefusal.BadRequest($"expirySeconds must be between 0 and {AuthKeyRegistry.MaxLifetime.TotalSeconds}");
        }
        policy.DemandTags(create.Tags, call.RequiredGrant);
        var key = keys.Create(create, TimeSpan.FromSeconds(seconds), description, call.RequiredGrant.ClientId);
        return ApiReply.Json(KeyBody.Of(key, keys.Now) with { Key = key.Secret }, RestApiJson.Default.KeyBody);
    }

    private ApiReply Get(ApiCall call)
    {
        var key = keys.Find(call.RouteValue("id")) ?? throw ApiRefusal.NotFound("key not found");
        return ApiReply.Json(KeyBody.Of(key, keys.Now), RestApiJson.Default.KeyBody);
    }

    private ApiReply Delete(ApiCall call) =>
        keys.Remove(call.RouteValue("id")) ? ApiReply.Ok : throw ApiRefusal.NotFound("key not found");
}
