using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Devices;
using Fairlead.Tailscale.Http;
using Fairlead.Tailscale.Keys;
using Fairlead.Tailscale.PolicyFile;
using Fairlead.Tailscale.Services;
using Fairlead.Tailscale.Settings;

namespace Fairlead.Tailscale;

/// <summary>
/// A client of the control plane's REST API for one set of credentials. Thread-safe; make one per tailnet and keep it, as
/// its access token and its connections are shared by all calls.
/// <para>
/// Every call ends within <see cref="TailscaleClientOptions.Timeout"/> and fails with
/// <see cref="Errors.TailscaleApiException"/> (the API refused or did not answer) or
/// <see cref="TailscaleCredentialException"/> (the credentials are missing, malformed or refused). Both are states to
/// report and retry; nothing here gives up for good.
/// </para>
/// </summary>
public sealed class TailscaleClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly AccessTokenCache _tokens;

    public TailscaleClient(TailscaleClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero);
        BaseAddress = options.BaseAddress;
        _http = ConnectionFactory.Create(options);
        var sender = new RequestSender(_http, options);
        _tokens = new AccessTokenCache(sender, options);
        var api = new ApiChannel(sender, _tokens, options);
        Keys = new KeyClient(api);
        Devices = new DeviceClient(api);
        VipServices = new VipServiceClient(api);
        Settings = new SettingsClient(api);
        PolicyFile = new PolicyFileClient(api);
    }

    /// <summary>The control plane's root, which is also the login server of the devices made with this client's keys.</summary>
    public Uri BaseAddress { get; }

    public KeyClient Keys { get; }

    public DeviceClient Devices { get; }

    public VipServiceClient VipServices { get; }

    public SettingsClient Settings { get; }

    public PolicyFileClient PolicyFile { get; }

    public void Dispose()
    {
        _tokens.Dispose();
        _http.Dispose();
    }
}
