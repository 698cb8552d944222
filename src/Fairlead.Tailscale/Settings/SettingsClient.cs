using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.Settings;

/// <summary>The tailnet's settings. Scope <c>feature_settings</c>, or <c>feature_settings:read</c> to read.</summary>
public sealed class SettingsClient
{
    private const string Route = "/settings";

    private readonly ApiChannel _api;

    internal SettingsClient(ApiChannel api) => _api = api;

    public Task<TailnetSettings> GetAsync(CancellationToken ct = default) =>
        _api.CallAsync(_api.Tailnet(HttpMethod.Get, Route), TailscaleJson.Default.TailnetSettings, ct);

    /// <summary>Sets what is not null in <paramref name="changes"/> and gives all settings as they are then.</summary>
    public Task<TailnetSettings> PatchAsync(TailnetSettings changes, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var call = _api.Tailnet(HttpMethod.Patch, Route, retry: RetryMode.OnlyIfNotProcessed) with
        {
            Content = ApiChannel.Json(changes, TailscaleJson.Default.TailnetSettings),
        };
        return _api.CallAsync(call, TailscaleJson.Default.TailnetSettings, ct);
    }
}
