using System.Net;
using Fairlead.Dev.Tailnet.Coordination.Dns;
using Fairlead.Dev.Tailnet.Coordination.Faults;
using Fairlead.Dev.Tailnet.Coordination.Health;
using Fairlead.Dev.Tailnet.Coordination.Identity;
using Fairlead.Dev.Tailnet.Coordination.Maps;
using Fairlead.Dev.Tailnet.Coordination.NodeCalls;
using Fairlead.Dev.Tailnet.Coordination.Registration;
using Fairlead.Dev.Tailnet.Coordination.Transport;
using Fairlead.Dev.Tailnet.Coordination.Users;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Dev.Tailnet.Settings;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Pings;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.Dev.Tailnet.Coordination;

/// <summary>
/// The coordination server: nodes of the Tailscale control protocol register here and are told of each other. It shares its state
/// with the REST API of the same <see cref="EmbeddedTailnet"/>.
/// <para>
/// What it does not do: tailnet lock, sharing between tailnets, device certificates, SSH policies, logging of
/// flows. A service or subnet route that several nodes serve leads to one of them at a time, until that one goes offline.
/// </para>
/// </summary>
public sealed class CoordinationServer : IAsyncDisposable
{
    private readonly MachinePrivateKey _key;
    private readonly bool _ownsKey;
    private readonly NoiseListener _listener = new();
    private readonly MapFeed _feed;
    private readonly MapSessions _sessions;
    private readonly NodePresence _presence;
    private readonly NodeCaller _caller;
    private readonly ServicesPull _services;
    private readonly IdentityTokenIssuer _tokens;
    private readonly MachineApi _api;
    private readonly RequestFaults _requestFaults;
    private readonly LoginPage _loginPage;
    private readonly DeviceRegistry _devices;

    internal CoordinationServer(
        EmbeddedTailnetOptions options,
        IdSource ids,
        Func<Uri> baseAddress,
        DeviceRegistry devices,
        AuthKeyRegistry keys,
        PolicyFile policy,
        VipServiceRegistry services,
        TailnetSettingsStore settings,
        FaultPlan faults)
    {
        var time = options.Time;
        var coordination = options.Coordination;
        _ownsKey = coordination.Key is null;
        _key = coordination.Key ?? MachinePrivateKey.Generate();
        _devices = devices;
        var users = new UserDirectory(time);
        users.GetOrAdd(coordination.Owner);
        _feed = new MapFeed(new TailnetViewBuilder(devices, policy, services, settings, users, time), time, coordination.DeltaWindow);
        _sessions = new MapSessions(ids, options);
        _presence = new NodePresence(devices, _feed, _sessions, coordination, time);
        _caller = new NodeCaller(ids, _presence, baseAddress, coordination, time);
        _services = new ServicesPull(devices, _caller);
        _tokens = new IdentityTokenIssuer(ids, baseAddress, options.TailnetName, time);
        var mapFaults = new MapFaults(time);
        _requestFaults = new RequestFaults(faults, time);
        Faults = new CoordinationFaults(_presence, _sessions, _listener, mapFaults, devices);
        Logins = new LoginRequests(ids, coordination.Owner);
        _loginPage = new LoginPage(Logins, coordination.Owner);
        var registrar = new Registrar(devices, keys, policy, settings, users, Logins, _presence, baseAddress, coordination.Owner, time);
        _api = new MachineApi(
            devices, registrar, new MapService(devices, _feed, _sessions, _presence, _services, mapFaults, options), _caller, Records, Health, _tokens, _requestFaults, time);
    }

    /// <summary>What nodes know the server by.</summary>
    public MachinePublicKey PublicKey => _key.PublicKey;

    /// <summary>The relays that nodes are told of.</summary>
    public DerpMap DerpMap
    {
        get => _feed.DerpMap;
        set => _feed.DerpMap = value;
    }

    /// <summary>Nodes that wait for a person to let them in.</summary>
    public LoginRequests Logins { get; }

    /// <summary>DNS records that nodes asked for.</summary>
    public PublishedRecords Records { get; } = new();

    /// <summary>What nodes say is wrong with them.</summary>
    public HealthLedger Health { get; } = new();

    /// <summary>What to do wrong on purpose, beyond what <see cref="EmbeddedTailnet.Faults"/> does to single requests.</summary>
    public CoordinationFaults Faults { get; }

    /// <summary>Nodes that have a map stream now.</summary>
    public int ConnectedNodes => _presence.Count;

    /// <summary>How often a node went on with its map session after it had lost the stream.</summary>
    public int ContinuedMapSessions => _sessions.Continued;

    /// <summary>Encrypted channels that are open now.</summary>
    public int OpenChannels => _listener.Open.Count;

    /// <summary>Has a node execute an HTTP request, as the control plane does to ask it something.</summary>
    /// <param name="nodeId">Stable node id.</param>
    /// <exception cref="InvalidOperationException">The node has no map stream.</exception>
    /// <exception cref="TimeoutException">The node did not answer.</exception>
    /// <exception cref="FormatException">The node's answer is no HTTP response.</exception>
    public Task<NodeReply> CallNodeAsync(
        string nodeId, string method, string pathAndQuery, ReadOnlyMemory<byte> body = default, CancellationToken ct = default) =>
        _caller.CallAsync(nodeId, method, pathAndQuery, body, ct);

    /// <summary>Has a node ping another one, and gives its result.</summary>
    /// <param name="nodeId">Stable id of the node that pings.</param>
    /// <param name="types">See <see cref="PingTypes"/>.</param>
    /// <inheritdoc cref="CallNodeAsync" path="/exception"/>
    public async Task<PingResponse> PingFromAsync(
        string nodeId, IPAddress target, string types, CancellationToken ct = default)
    {
        var answer = await _caller.AskAsync(nodeId, new PingRequest { IP = target, Types = types }, ct);
        return ControlJson.Deserialize<PingResponse>(answer);
    }

    /// <summary>Lets a node host a service, or forbids it, whatever the policy's autoApprovers say.</summary>
    /// <param name="nodeId">Stable node id.</param>
    /// <param name="service">Its name, from <c>svc:</c> on.</param>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    public void ApproveService(string nodeId, string service, bool approved = true)
    {
        if (_devices.DecideService(nodeId, service, approved) is null) throw new ArgumentException($"There is no node {nodeId}.", nameof(nodeId));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _presence.Dispose();
        _feed.Dispose();
        _tokens.Dispose();
        if (_ownsKey) _key.Dispose();
    }

    internal void Changed() => _feed.Changed();

    internal void AddTo(IServiceCollection services) => services.AddSingleton<IConnectionListenerFactory>(_listener);

    // HTTP/2 needs no negotiation inside a channel that carries nothing else.
    internal static void Listen(KestrelServerOptions kestrel) =>
        kestrel.Listen(NoiseEndPoint.Instance, listen => listen.Protocols = HttpProtocols.Http2);

    /// <summary>Keeps what comes out of encrypted channels apart from all other requests.</summary>
    internal void Use(IApplicationBuilder app) => app.Use(next => context =>
        context.Features.Get<MachineConnection>() is { } machine ? _api.ServeAsync(context, machine) : next(context));

    internal void Map(IEndpointRouteBuilder routes)
    {
        new UpgradeEndpoint(_key, _listener, _requestFaults).Map(routes);
        _loginPage.Map(routes);
        _tokens.Map(routes);
        routes.MapMethods("/key", [HttpMethods.Get], context => _requestFaults.ServeAsync(context, GetKeyAsync));
        routes.MapMethods("/generate_204", [HttpMethods.Get, HttpMethods.Head], context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }

    // Clients from before the encrypted channel expect bare digits; there is nothing else for them here.
    private async Task GetKeyAsync(HttpContext context)
    {
        if (!context.Request.Query.ContainsKey("v"))
        {
            await context.Response.WriteAsync(PublicKey.Key.ToString(), context.RequestAborted);
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(ControlJson.Serialize(new ControlKeys { PublicKey = PublicKey }), context.RequestAborted);
    }
}
