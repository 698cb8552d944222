using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Serving;

/// <summary>
/// Serves what a serve configuration says on a managed node. A changed configuration takes effect for the next request; only ports whose kind
/// changed, or that are gone, close.
/// </summary>
/// <param name="podAddresses">Addresses of the Pod that serve the cluster what the device's own ports serve over HTTP.</param>
/// <param name="lowPorts">Where the Pod's ports are.</param>
/// <param name="cluster">How servers are reached.</param>
/// <param name="shared">Certificates of another Pod; null for the node's own.</param>
internal sealed partial class ServeHost(
    Task<TailnetNode> joined,
    IReadOnlyList<IPAddress> podAddresses,
    LowPorts lowPorts,
    ClusterSockets cluster,
    SharedCertificates? shared,
    ServingLimits limits,
    TimeProvider time,
    ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<ServePort, (PortHandler Handler, ImmutableArray<ServedPort> Served)> _ports = [];
    private readonly ServedConnections _connections = new(limits.Connections);
    private readonly ILogger _logger = loggers.CreateLogger<ServeHost>();
    private volatile FrozenDictionary<ServePort, ServedHosts> _hosts = FrozenDictionary<ServePort, ServedHosts>.Empty;

    /// <summary>Returns when each port was tried; one that cannot be listened on is tried again for as long as it is configured.</summary>
    /// <param name="json">A valid serve configuration.</param>
    /// <exception cref="FormatException">It is none; the one before stays in force.</exception>
    public async Task UseAsync(string json, CancellationToken cancellationToken)
    {
        var config = ServeConfig.Parse(json);
        var node = await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var wanted = Ports(config).ToDictionary();
            _hosts = wanted.Keys.ToFrozenDictionary(port => port, port => ServedHosts.Of(WebOf(config, port.Service), port.Port));
            foreach (var (port, (handler, served)) in _ports.ToArray())
            {
                if (!wanted.TryGetValue(port, out var now) || now != handler)
                {
                    _ports.Remove(port);
                    await DisposeAsync(served).ConfigureAwait(false);
                }
            }

            foreach (var (port, handler) in wanted)
            {
                if (!_ports.ContainsKey(port))
                {
                    _ports[port] = (handler, [.. Serve(node, port, handler)]);
                    Log.Serves(_logger, port, handler.Https ? "HTTPS" : handler.Http ? "HTTP" : "TCP");
                }
            }

            await Task.WhenAll(_ports.Values.SelectMany(port => port.Served).Select(served => served.Tried)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, served) in _ports.Values)
        {
            await DisposeAsync(served).ConfigureAwait(false);
        }

        _ports.Clear();
        _turn.Dispose();
    }

    private static async Task DisposeAsync(ImmutableArray<ServedPort> served)
    {
        foreach (var port in served)
        {
            await port.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IEnumerable<KeyValuePair<ServePort, PortHandler>> Ports(ServeConfig config)
    {
        foreach (var (port, handler) in config.Tcp)
        {
            yield return new(new ServePort("", int.Parse(port, CultureInfo.InvariantCulture)), handler);
        }

        foreach (var (name, service) in config.Services)
        {
            foreach (var (port, handler) in service.Tcp)
            {
                yield return new(new ServePort(name, int.Parse(port, CultureInfo.InvariantCulture)), handler);
            }
        }
    }

    private static ImmutableDictionary<string, WebServer> WebOf(ServeConfig config, string service) =>
        service.Length == 0 ? config.Web : config.Services[service].Web;

    /// <summary>The port's sides, each by itself: where one is taken, the others are served.</summary>
    private IEnumerable<ServedPort> Serve(TailnetNode node, ServePort port, PortHandler handler)
    {
        if (!handler.Https && !handler.Http)
        {
            yield return Served(port.ToString(), new ForwardedPort(node, port, handler, _connections, cluster, shared, limits.Handshake, time, loggers.CreateLogger<ForwardedPort>()));
            yield break;
        }

        // Whether the device hosts a Service is said by what it advertises; to serve one is not to offer it.
        yield return Served(port.ToString(), Web(new TailnetEndPoint(port.Port, port.Service.Length == 0 ? null : port.Service, offersService: false)));
        foreach (var address in port.Service.Length == 0 ? podAddresses : [])
        {
            var own = new IPEndPoint(address, lowPorts.Locate(port.Port));
            yield return Served($"{port} of the Pod, {own},", Web(own));
        }

        WebPort Web(EndPoint endPoint) =>
            new(node, endPoint, handler.Https, () => _hosts.GetValueOrDefault(port, ServedHosts.None), _connections, cluster, shared, limits, loggers);
    }

    private ServedPort Served(string name, IPortServer server) => new(name, server, time, loggers.CreateLogger<ServedPort>());

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Serves {Port} as {Kind}")]
        public static partial void Serves(ILogger logger, ServePort port, string kind);
    }
}
