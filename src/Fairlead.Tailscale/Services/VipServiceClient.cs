using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.Services;

/// <summary>The Tailscale Services of a tailnet. Scope <c>services</c>, or <c>services:read</c> to read.</summary>
public sealed class VipServiceClient
{
    private const string Item = "/vip-services/{name}";

    private readonly ApiChannel _api;

    internal VipServiceClient(ApiChannel api) => _api = api;

    public async Task<IReadOnlyList<VipService>> ListAsync(CancellationToken ct = default) =>
        (await _api.CallAsync(_api.Tailnet(HttpMethod.Get, "/vip-services"), TailscaleJson.Default.VipServiceList, ct)).VipServices;

    /// <param name="name">With its <c>svc:</c>.</param>
    /// <param name="ct">Ends the call.</param>
    /// <returns>The service; null if there is none.</returns>
    public Task<VipService?> GetAsync(string name, CancellationToken ct = default) =>
        _api.FindAsync(_api.Tailnet(HttpMethod.Get, Item, name), TailscaleJson.Default.VipService, ct);

    /// <summary>Creates the service, or replaces it as a whole.</summary>
    public Task PutAsync(VipService service, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(service);
        var call = _api.Tailnet(HttpMethod.Put, Item, service.Name) with
        {
            Content = ApiChannel.Json(service, TailscaleJson.Default.VipService),
        };
        // What the answer holds differs between servers; who needs the addresses reads the service.
        return _api.CallAsync(call, static (_, _) => Task.FromResult(true), ct);
    }

    public Task<DeleteOutcome> DeleteAsync(string name, CancellationToken ct = default) =>
        _api.DeleteAsync(_api.Tailnet(HttpMethod.Delete, Item, name), ct);
}
