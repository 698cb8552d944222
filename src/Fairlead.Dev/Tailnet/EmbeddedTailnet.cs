using System.Net;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.RestApi;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Dev.Tailnet.Settings;
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
/// A control plane in this process: the REST API of a tailnet on a loopback port, over state in memory that its owner can
/// look at and change. For development and tests; where it differs from the real one it is meant to be stricter.
/// <para>
/// Not done: it evaluates no policy rules (see <see cref="PolicyFile"/>), knows no users, webhooks or DNS settings, and
/// checks an identity token's signature only if given a key (see <see cref="FederatedTrust"/>).
/// </para>
/// </summary>
public sealed class EmbeddedTailnet : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedTailnet(EmbeddedTailnetOptions options)
    {
        var ids = new IdSource(options.Random);
        var addresses = new AddressPool();
        Policy = new PolicyFile(options.Policy);
        Settings = new TailnetSettingsStore();
        Clients = new ClientRegistry(ids);
        Tokens = new AccessTokenRegistry(ids, options.Time, options.TokenLifetime);
        Keys = new AuthKeyRegistry(ids, options.Time);
        Devices = new DeviceRegistry(ids, addresses, Keys, options.DnsSuffix, options.Time);
        Services = new VipServiceRegistry(addresses);
        Faults = new FaultPlan();
        Calls = new CallLog();
        _app = Build(options);
    }

    /// <summary>Root of the API, e.g. <c>http://127.0.0.1:40123/</c>.</summary>
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

    /// <summary>What to do wrong on purpose.</summary>
    public FaultPlan Faults { get; }

    /// <summary>What was asked of the API.</summary>
    public CallLog Calls { get; }

    public static async Task<EmbeddedTailnet> StartAsync(EmbeddedTailnetOptions? options = null, CancellationToken ct = default)
    {
        var tailnet = new EmbeddedTailnet(options ?? new EmbeddedTailnetOptions());
        try
        {
            await tailnet._app.StartAsync(ct);
            var server = tailnet._app.Services.GetRequiredService<IServer>();
            tailnet.BaseAddress = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
            return tailnet;
        }
        catch
        {
            await tailnet.DisposeAsync();
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
        await StopAsync();
        await _app.DisposeAsync();
    }

    private WebApplication Build(EmbeddedTailnetOptions options)
    {
        // The empty builder reads neither environment nor files: an embedded server must not obey its host's ASPNETCORE_*.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        var app = builder.Build();
        app.UseRouting();
        var gateway = new ApiGateway(Tokens, Faults, Calls, options);
        gateway.Map(app,
        [
            new OAuthEndpoints(Clients, Tokens, options.Time),
            new KeyEndpoints(Keys, Policy),
            new DeviceEndpoints(Devices),
            new VipServiceEndpoints(Services, Policy),
            new SettingsEndpoints(Settings),
            new PolicyEndpoints(Policy),
        ]);
        options.Routes?.Invoke(app);
        return app;
    }
}
