using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PublicKey = Fairlead.Tailnet.Protocol.Cryptography.PublicKey;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>
/// A DERP relay and a STUN server in this process: one region of a DERP map. Start several for several regions. For development and
/// tests: anyone who reaches it may use it, as with a real relay that verifies no clients.
/// </summary>
public sealed class RelayServer : IAsyncDisposable
{
    private readonly RelayServerOptions _options;
    private readonly RelayTally _tally;
    private readonly CancellationTokenSource _stopping = new();
    private bool _disposed;
    private readonly RelaySwitch _clients;
    private readonly RelaySession _sessions;
    private readonly PrivateKey _key;
    private readonly X509Certificate2? _certificate;
    private readonly Lazy<SslServerAuthenticationOptions>? _tls;
    private readonly IReadOnlyList<Socket> _listening;
    private readonly WebApplication _app;
    private readonly StunServer _stun;
    private readonly ITimer _keepAlive;

    private RelayServer(RelayServerOptions options, IReadOnlyList<Socket> listening, StunServer stun, RelayFaults faults, RelayTally tally)
    {
        _options = options;
        _listening = listening;
        _stun = stun;
        _tally = tally;
        Faults = faults;
        _key = options.Key ?? PrivateKey.Generate();
        _certificate = options.Tls ? RelayCertificate.Create(options.HostName, options.Addresses, options.Time) : null;
        if (_certificate is { } certificate)
        {
            // Not before somebody connects: .NET reads all authorities of the system when it looks for the certificate's own.
            _tls = new(() => new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) });
        }

        _clients = new RelaySwitch(options, faults, tally);
        _sessions = new RelaySession(_clients, _key, options, tally);
        _app = Build();
        var period = DerpProtocol.KeepAliveInterval / 12;
        _keepAlive = options.Time.CreateTimer(_ => KeepAlive(), null, period, period);
    }

    /// <summary>What to do wrong on purpose.</summary>
    public RelayFaults Faults { get; }

    public RelayCounters Counters => _tally.Snapshot(_clients.Count);

    /// <summary>The nodes that are connected now.</summary>
    public IReadOnlyList<NodePublicKey> ConnectedNodes => [.. _clients.Clients.Select(client => client.Node)];

    public PublicKey PublicKey => _key.PublicKey;

    public int Port => ((IPEndPoint)_listening[0].LocalEndPoint!).Port;

    public int StunPort => _stun.Port;

    /// <summary>What a DERP map's CertName must say for clients to accept the certificate; null without TLS.</summary>
    public string? CertificatePin => _certificate is null ? null : RelayCertificate.Pin(_certificate);

    /// <summary>The entry of a DERP map that leads here.</summary>
    public DerpRegion Region => new()
    {
        RegionID = _options.RegionId,
        RegionCode = _options.RegionCode,
        RegionName = _options.RegionName,
        Nodes =
        [
            new DerpNode
            {
                Name = $"{_options.RegionId}a",
                RegionID = _options.RegionId,
                HostName = _options.HostName,
                CertName = CertificatePin ?? "",
                IPv4 = Advertised(AddressFamily.InterNetwork),
                IPv6 = Advertised(AddressFamily.InterNetworkV6),
                STUNPort = StunPort,
                DERPPort = Port,
                InsecureForTests = _options.InsecureForTests,
            },
        ],
    };

    public static async Task<RelayServer> StartAsync(RelayServerOptions? options = null, CancellationToken ct = default)
    {
        options ??= new RelayServerOptions();
        var faults = new RelayFaults();
        var tally = new RelayTally();
        var listening = ListeningSockets.Bind(options.Addresses, options.Port, SocketType.Stream, ProtocolType.Tcp);
        StunServer stun;
        try
        {
            stun = StunServer.Start(options.Addresses, options.StunPort, faults, tally);
        }
        catch
        {
            foreach (var socket in listening)
                socket.Dispose();
            throw;
        }

        var server = new RelayServer(options, listening, stun, faults, tally);
        try
        {
            await server._app.StartAsync(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a node is connected and calls this relay its home.</summary>
    public bool IsHomeOf(NodePublicKey node) => _clients.Find(node) is { IsHome: true };

    /// <summary>Cuts a node's connection, as a network would: without a word.</summary>
    /// <returns>Whether it was connected.</returns>
    public bool Disconnect(NodePublicKey node)
    {
        var client = _clients.Find(node);
        client?.Close();
        return client is not null;
    }

    /// <summary>Tells all clients that the relay restarts, and closes their connections. They may return at once.</summary>
    /// <param name="reconnectIn">When clients are asked to return.</param>
    /// <param name="tryFor">How long they should try.</param>
    public void Restart(TimeSpan reconnectIn, TimeSpan tryFor)
    {
        foreach (var client in _clients.Clients)
        {
            client.EnqueueRestarting(reconnectIn, tryFor);
            client.Finish();
        }
    }

    /// <summary>Tells all clients what is wrong with their connection; empty = nothing any more.</summary>
    public void ReportHealth(string problem)
    {
        foreach (var client in _clients.Clients)
            client.EnqueueHealth(problem);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        await _stopping.CancelAsync();
        await _keepAlive.DisposeAsync();
        _stun.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        foreach (var socket in _listening)
            socket.Dispose();
        _certificate?.Dispose();
        if (_options.Key is null)
            _key.Dispose();
        _stopping.Dispose();
    }

    private string Advertised(AddressFamily family)
    {
        var address = _listening.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Address).FirstOrDefault(bound => bound.AddressFamily == family);
        return address is null ? DerpNode.NoAddress : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? "" : address.ToString();
    }

    private void KeepAlive()
    {
        var random = _options.Random ?? Random.Shared;
        foreach (var client in _clients.Clients)
        {
            // One to three periods of the timer before the interval ends, so that clients drift apart.
            if (client.SinceLastWrite > DerpProtocol.KeepAliveInterval * (0.75 + (0.15 * random.NextDouble())))
                client.EnqueueKeepAlive();
        }
    }

    private WebApplication Build()
    {
        // The empty builder reads neither environment nor files: an embedded server must not obey its host's ASPNETCORE_*.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var fastStart = new RelayFastStart(_sessions, Faults, _stopping.Token);
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.CreateBoundListenSocket = FindListening);
        if (_certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var socket in _listening)
                kestrel.Listen((IPEndPoint)socket.LocalEndPoint!, listen => Configure(listen, fastStart));
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        new RelayEndpoints(_sessions, _key.PublicKey, Faults, _stopping.Token).Map(app);
        return app;
    }

    private void Configure(ListenOptions listen, RelayFastStart fastStart)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (_certificate is not null)
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(_tls!.Value) });
        listen.Use(next => connection => fastStart.HandleAsync(connection, next));
    }

    private Socket FindListening(EndPoint endPoint) => _listening.First(socket => endPoint.Equals(socket.LocalEndPoint));
}
