using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.Keys;

/// <summary>Auth keys and the other credentials of a tailnet. Scope <c>auth_keys</c>, or <c>auth_keys:read</c> to read.</summary>
public sealed class KeyClient : IAuthKeyIssuer
{
    private const string Item = "/keys/{id}";

    private readonly ApiChannel _api;

    internal KeyClient(ApiChannel api) => _api = api;

    public Task<AuthKey> CreateAsync(AuthKeyRequest request, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = _api.Tailnet(HttpMethod.Post, "/keys", retry: RetryMode.OnlyIfNotProcessed) with
        {
            Content = ApiChannel.Json(CreateKeyBody.From(request), TailscaleJson.Default.CreateKeyBody),
        };
        return _api.CallAsync(call, TailscaleJson.Default.AuthKey, ct);
    }

    /// <summary>The keys these credentials may see.</summary>
    /// <param name="all">With those of other users and clients.</param>
    /// <param name="ct">Ends the call.</param>
    public async Task<IReadOnlyList<TailnetKey>> ListAsync(bool all = false, CancellationToken ct = default)
    {
        var call = _api.Tailnet(HttpMethod.Get, "/keys") with { Query = all ? "?all=true" : "" };
        return (await _api.CallAsync(call, TailscaleJson.Default.KeyList, ct)).Keys;
    }

    /// <summary>The key, revoked and expired ones too; null if there is none (any more).</summary>
    public Task<TailnetKey?> GetAsync(string id, CancellationToken ct = default) =>
        _api.FindAsync(_api.Tailnet(HttpMethod.Get, Item, id), TailscaleJson.Default.TailnetKey, ct);

    public Task<DeleteOutcome> DeleteAsync(string id, CancellationToken ct = default) =>
        _api.DeleteAsync(_api.Tailnet(HttpMethod.Delete, Item, id), ct);
}
