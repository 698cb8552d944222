using System.Net;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Dev.Tailnet.RestApi;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Dev.Tailnet.Settings;
using Fairlead.Tailnet.Protocol.Derp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fairlead.Dev.Tailnet;

/// <summary>
/// A control plane in this process: the REST API of a tailnet and its coordination server on one loopback port, over state in
/// memory that its owner can look at and change. Keys made through the API let nodes join, and nodes are devices of the API. For
/// development and tests; where it differs from the real one it is meant to be stricter.
/// <para>
/// Not done: parts of the policy (see <see cref="PolicyFile"/>) and of the control protocol (see <see cref="CoordinationServer"/>),
/// users' roles, webhooks and DNS settings in the API; an identity token's signature is checked only if given a key (see
/// <see cref="FederatedTrust"/>).
/// </para>
/// </summary>
public sealed class EmbeddedTailnet : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _disposed;

    private EmbeddedTailnet(EmbeddedTailnetOptions options)
    {
        var ids = new IdSource(options.Random);
        var addresses = new AddressPool();
        Policy = new PolicyFile(options.Policy, [options.Coordination.Owner], Changed);
        Settings = new TailnetSettingsStore(Changed);
        Clients = new ClientRegistry(ids);
        Tokens = new AccessTokenRegistry(ids, options.Time, options.TokenLifetime);
        Keys = new AuthKeyRegistry(ids, options.Time);
        Devices = new DeviceRegistry(ids, addresses, Keys, options.DnsSuffix, options.Time, Changed);
        Services = new VipServiceRegistry(addresses, Changed);
        Faults = new FaultPlan();
        Calls = new CallLog();
        Coordination = new CoordinationServer(options, ids, () => BaseAddress, Devices, Keys, Policy, Services, Settings, Faults);
        _app = Build(options);
    }

    /// <summary>Root of the API and of the coordination server, e.g. <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>Who may ask for access tokens.</summary>
    public ClientRegistry Clients { get; }

    /// <summary>The access tokens that are out.</summary>
    public AccessTokenRegistry Tokens { get; }

    public AuthKeyRegistry Keys { get; }

    public DeviceRegistry Devices { get; }

    public VipServiceRegistry Services { get; }

    public PolicyFile Policy { get; }

    public TailnetSettingsStore Settings { get; }

    /// <summary>Where nodes register and learn of each other.</summary>
    public CoordinationServer Coordination { get; }

    /// <summary>The relay that was asked for; null if none was.</summary>
    public RelayServer? Relay { get; private set; }

    /// <summary>What to do wrong on purpose with requests to the API and, by paths from <c>/machine/</c> on, of nodes.</summary>
    public FaultPlan Faults { get; }

    /// <summary>What was asked of the API.</summary>
    public CallLog Calls { get; }

    public static async Task<EmbeddedTailnet> StartAsync(EmbeddedTailnetOptions? options = null, CancellationToken ct = default)
    {
        options ??= new EmbeddedTailnetOptions();
        // Beside each other: each of the two servers takes a part of the start to set up, most of it code that runs for the first time.
        var relaying = options.Relay is { } relay ? Task.Run(() => RelayServer.StartAsync(relay, ct), ct) : null;
        EmbeddedTailnet? tailnet = null;
        try
        {
            tailnet = new EmbeddedTailnet(options);
            await tailnet._app.StartAsync(ct);
            var server = tailnet._app.Services.GetRequiredService<IServer>();
            // The other endpoint is inside this one.
            var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
            tailnet.BaseAddress = new Uri(addresses.Single(address => address.StartsWith("http://127.", StringComparison.Ordinal)));
            if (relaying is not null) tailnet.Add(await relaying);
            return tailnet;
        }
        catch
        {
            if (tailnet is not null) await tailnet.DisposeAsync();
            if (relaying is not null && tailnet?.Relay is null) await EndAsync(relaying);
            throw;
        }
    }

    /// <summary>Stops listening. Calls under way are cut: nothing here is worth waiting for.</summary>
    public async Task StopAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        await StopAsync();
        await _app.DisposeAsync();
        await Coordination.DisposeAsync();
        if (Relay is not null) await Relay.DisposeAsync();
    }

    private static async Task EndAsync(Task<RelayServer> relaying)
    {
        await Task.WhenAny(relaying);
        if (relaying.IsCompletedSuccessfully) await relaying.Result.DisposeAsync();
    }

    private void Add(RelayServer relay)
    {
        Relay = relay;
        var region = relay.Region;
        Coordination.DerpMap = new DerpMap
        {
            Regions = new Dictionary<int, DerpRegion?> { [region.RegionID] = region },
            OmitDefaultRegions = true,
        };
    }

    // The registries exist before the server that is to hear of their changes.
    private void Changed() => Coordination?.Changed();

    private WebApplication Build(EmbeddedTailnetOptions options)
    {
        // The empty builder reads neither environment nor files: an embedded server must not obey its host's ASPNETCORE_*.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A map stream may be silent for a minute, and a node that reads slowly is no attack on its own test.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            // Nodes say https inside their encrypted channel, which for Kestrel is a connection without TLS.
            kestrel.AllowAlternateSchemes = true;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            CoordinationServer.Listen(kestrel);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        Coordination.AddTo(builder.Services);
        var app = builder.Build();
        Coordination.Use(app);
        app.UseWebSockets();
        app.UseRouting();
        var gateway = new ApiGateway(Tokens, Faults, Calls, options);
        gateway.Map(app,
        [
            new OAuthEndpoints(Clients, Tokens, options.Time),
            new KeyEndpoints(Keys, Policy),
            new DeviceEndpoints(Devices, Policy, Settings, options.Time),
            new VipServiceEndpoints(Services, Policy),
            new ServiceHostEndpoints(Services, Devices, Policy),
            new SettingsEndpoints(Settings),
            new PolicyEndpoints(Policy),
        ]);
        Coordination.Map(app);
        options.Routes?.Invoke(app);
        return app;
    }
}
