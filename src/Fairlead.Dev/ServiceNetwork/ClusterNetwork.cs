using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Runner;
using Fairlead.Dev.ServiceNetwork.Dns;
using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>
/// The Service network of an embedded cluster whose Pods are processes of this machine: ClusterIPs are loopback addresses that
/// forward to ready endpoints, and a DNS server answers the cluster's names. A port without endpoints refuses connections.
/// </summary>
public sealed class ClusterNetwork : IAsyncDisposable
{
    // Where clusters usually have their DNS service.
    private const int DnsOffset = 10;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ClusterView _view;
    private readonly ServiceController _services;
    private readonly DnsServer _dns;
    private readonly Task _running;

    private ClusterNetwork(EmbeddedCluster cluster, ClusterNetworkOptions options)
    {
        _view = new ClusterView(cluster.Api, options.TimeProvider, options.LoggerFactory.CreateLogger<ClusterNetwork>(), _stopping.Token);
        var address = LoopbackNetwork.AddressAt(options.Network.ServiceRange, DnsOffset);
        LowPortOffset = LowPorts.OffsetOn(address);
        _services = new ServiceController(_view, LowPortOffset, new PodEvents(cluster.Api, options.TimeProvider, "fairlead-network", "localhost"));
        var names = new ClusterNames(_view);
        _dns = new DnsServer(new IPEndPoint(address, DnsMessage.Port + LowPortOffset), names, options.UpstreamResolver, options.TimeProvider);
        foreach (var (group, plural) in (ReadOnlySpan<(string, string)>)[("", "services"), ("discovery.k8s.io", "endpointslices"), ("", "namespaces")])
            _view.Follow(group, plural);
        _running = Task.WhenAll(_services.RunAsync(_stopping.Token), _dns.RunAsync(_stopping.Token));
    }

    /// <summary>Address and port of the DNS server, over UDP and TCP.</summary>
    public IPEndPoint DnsEndPoint => _dns.EndPoint;

    /// <summary>Number that is added to ports of ClusterIPs below 1024, since this process may not bind to them; 0 where it may.</summary>
    public int LowPortOffset { get; }

    /// <summary>What Pods have to know of the network; for <see cref="PodRunnerOptions.Variables"/>.</summary>
    public ImmutableDictionary<string, string> Variables
    {
        get
        {
            var variables = ImmutableDictionary<string, string>.Empty.Add(PodVariables.Resolver, DnsEndPoint.ToString());
            return LowPortOffset == 0
                ? variables
                : variables.Add(PodVariables.LowPortOffset, LowPortOffset.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Starts to serve the cluster's Services and names.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address of the DNS server is in use.</exception>
    public static ClusterNetwork Start(EmbeddedCluster cluster, ClusterNetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        return new ClusterNetwork(cluster, options);
    }

    /// <summary>Where this machine reaches a port of a ClusterIP.</summary>
    public IPEndPoint Locate(IPAddress clusterIP, int port) => new(clusterIP, port < LowPorts.FirstFree ? port + LowPortOffset : port);

    /// <summary>Waits until a port of a ClusterIP leads to a ready endpoint.</summary>
    public Task WhenServedAsync(IPAddress clusterIP, int port, ProtocolType protocol, CancellationToken cancellationToken = default) =>
        _services.Served.WaitAsync(new ServicePort(clusterIP, port, protocol), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running, _view.Completion).ConfigureAwait(false);
        _services.Dispose();
        _dns.Dispose();
        _stopping.Dispose();
    }
}
