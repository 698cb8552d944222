using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.Devices;

/// <summary>The devices of a tailnet. Scope <c>devices:core</c>, or <c>devices:core:read</c> to read.</summary>
public sealed class DeviceClient : IDeviceDirectory
{
    private const string Item = "/api/v2/device/{id}";

    private readonly ApiChannel _api;

    internal DeviceClient(ApiChannel api) => _api = api;

    /// <summary>All devices; the API has no pages.</summary>
    public async Task<IReadOnlyList<Device>> ListAsync(CancellationToken ct = default) =>
        (await _api.CallAsync(_api.Tailnet(HttpMethod.Get, "/devices"), TailscaleJson.Default.DeviceList, ct)).Devices;

    public Task<Device?> GetAsync(string id, CancellationToken ct = default) =>
        _api.FindAsync(ApiChannel.Global(HttpMethod.Get, Item, id), TailscaleJson.Default.Device, ct);

    public Task<DeleteOutcome> DeleteAsync(string id, CancellationToken ct = default) =>
        _api.DeleteAsync(ApiChannel.Global(HttpMethod.Delete, Item, id), ct);
}
