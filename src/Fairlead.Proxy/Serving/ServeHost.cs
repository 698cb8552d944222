using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Serving;

/// <summary>
/// Serves what a serve configuration says on a managed node. A changed configuration takes effect for the next request; only ports whose kind
/// changed, or that are gone, close.
/// </summary>
/// <param name="cluster">How servers are reached.</param>
/// <param name="shared">Certificates of another Pod; null for the node's own.</param>
internal sealed partial class ServeHost(
    Task<TailnetNode> joined, IReadOnlyList<IPAddress> clusterAddresses, ClusterSockets cluster, SharedCertificates? shared, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<ServePort, (PortHandler Handler, IServedPort Served)> _ports = [];
    private readonly ILogger _logger = loggers.CreateLogger<ServeHost>();
    private volatile FrozenDictionary<ServePort, ServedHosts> _hosts = FrozenDictionary<ServePort, ServedHosts>.Empty;

    /// <param name="json">A valid serve configuration.</param>
    /// <exception cref="FormatException">It is none.</exception>
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
                    await served.DisposeAsync().ConfigureAwait(false);
                }
            }

            foreach (var (port, handler) in wanted)
            {
                if (!_ports.ContainsKey(port))
                {
                    _ports[port] = (handler, Serve(node, port, handler));
                    Log.Serves(_logger, port, handler.Https ? "HTTPS" : handler.Http ? "HTTP" : "TCP");
                }
            }

            await Task.WhenAll(_ports.Values.Select(port => port.Served.Listening)).WaitAsync(cancellationToken).ConfigureAwait(false);
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
            await served.DisposeAsync().ConfigureAwait(false);
        }

        _ports.Clear();
        _turn.Dispose();
    }

    private static IEnumerable<KeyValuePair<ServePort, PortHandler>> Ports(ServeConfig config)
    {
        foreach (var (port, handler) in config.Tcp)
        {
            yield return new(new ServePort("", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)), handler);
        }

        foreach (var (name, service) in config.Services)
        {
            foreach (var (port, handler) in service.Tcp)
            {
                yield return new(new ServePort(name, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)), handler);
            }
        }
    }

    private IServedPort Serve(TailnetNode node, ServePort port, PortHandler handler) =>
        handler.Https || handler.Http
            ? new WebPort(node, port, handler, () => _hosts.GetValueOrDefault(port, ServedHosts.None), port.Service.Length == 0 ? clusterAddresses : [], cluster, shared, loggers)
            : new ForwardedPort(node, port, handler, cluster, shared, loggers.CreateLogger<ForwardedPort>());

    private static ImmutableDictionary<string, WebServer> WebOf(ServeConfig config, string service) =>
        service.Length == 0 ? config.Web : config.Services[service].Web;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Serves {Port} as {Kind}")]
        public static partial void Serves(ILogger logger, ServePort port, string kind);
    }
}
