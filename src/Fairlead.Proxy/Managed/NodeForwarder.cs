using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>
/// Forwards in user space. What peers send to the device, on whatever port, goes on over the Pod's sockets; what the cluster sends to the Pod
/// goes on over the tailnet, on the ports that are named: without privileges a process cannot listen on all of them.
/// </summary>
internal sealed class NodeForwarder(
    Task<TailnetNode> joined, ImmutableArray<EgressListenPort> egressPorts, ImmutableArray<IPAddress> podIps, IPAddress? source, LowPorts lowPorts, TimeProvider time, ILogger logger)
    : ITrafficForwarder
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<EgressListenPort, EgressListener> _listeners = [];

    /// <summary>Ends connections; those of a listener go on when that is gone.</summary>
    private readonly CancellationTokenSource _ending = new();

    private volatile FrozenDictionary<IPAddress, IngressDestination> _ingress = FrozenDictionary<IPAddress, IngressDestination>.Empty;
    private bool _isLeading;

    public bool CarriesIPv6 => true;

    public ImmutableArray<RefusedPort> Refused { get; private set; } = [];

    public async Task ApplyAsync(ImmutableArray<ForwardingRule> rules, CancellationToken cancellationToken)
    {
        var node = await joined.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await UseIngressAsync(node, rules).ConfigureAwait(false);
            await UseEgressAsync(node, rules).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await ReplaceIngressAsync(FrozenDictionary<IPAddress, IngressDestination>.Empty).ConfigureAwait(false);
        foreach (var listener in _listeners.Values)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        _listeners.Clear();
        _ending.Dispose();
        _turn.Dispose();
    }

    private async Task UseIngressAsync(TailnetNode node, ImmutableArray<ForwardingRule> rules)
    {
        var ingress = new Dictionary<IPAddress, IngressDestination>();
        foreach (var rule in rules)
        {
            var (own, backends) = rule switch
            {
                ForwardingRule.IngressToAddress to => (to.Own, [to.Destination]),
                ForwardingRule.IngressToBackends to => (to.Own, to.Backends),
                ForwardingRule.IngressService to => (to.Vip, [to.ClusterIp]),
                _ => (null, ImmutableArray<IPAddress>.Empty),
            };
            if (own is not null)
            {
                ingress[own] = DestinationOf(own, backends);
            }
        }

        await ReplaceIngressAsync(ingress.ToFrozenDictionary()).ConfigureAwait(false);
        if (ingress.Count > 0 && !_isLeading)
        {
            node.LeadFlows(RouteOf);
            _isLeading = true;
        }
    }

    private IngressDestination DestinationOf(IPAddress own, ImmutableArray<IPAddress> backends)
    {
        var earlier = _ingress.GetValueOrDefault(own);
        return earlier is not null && earlier.Backends.Select(backend => backend.Address).SequenceEqual(backends) ? earlier : new IngressDestination(backends, earlier);
    }

    private FlowRoute? RouteOf(IPEndPoint asked)
    {
        if (!_ingress.TryGetValue(asked.Address, out var destination))
        {
            return null;
        }

        var backend = destination.Next();
        return new FlowRoute(new IPEndPoint(backend.Address, lowPorts.Locate(asked.Port)), source, backend.Withdrawn);
    }

    /// <summary>New flows go the new ways before those of the old ways end, so that none is led there again.</summary>
    private async Task ReplaceIngressAsync(FrozenDictionary<IPAddress, IngressDestination> ingress)
    {
        var before = _ingress;
        _ingress = ingress;
        foreach (var gone in before.Values.SelectMany(destination => destination.Backends).Except(ingress.Values.SelectMany(destination => destination.Backends)))
        {
            await gone.WithdrawAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Where each port of the Pod leads, in the order in which addresses are tried.</summary>
    private Dictionary<EgressListenPort, ImmutableArray<IPEndPoint>> EgressOf(ImmutableArray<ForwardingRule> rules)
    {
        var egress = new Dictionary<EgressListenPort, ImmutableArray<IPEndPoint>>();
        foreach (var target in rules.OfType<ForwardingRule.EgressToAddress>())
        {
            foreach (var port in egressPorts)
            {
                Add(port, new IPEndPoint(target.Target, port.Port));
            }
        }

        foreach (var port in rules.OfType<ForwardingRule.EgressPort>())
        {
            Add(new EgressListenPort(port.Protocol, port.MatchPort), new IPEndPoint(port.Target, port.TargetPort));
        }

        return egress;

        void Add(EgressListenPort port, IPEndPoint target) => egress[port] = [.. egress.GetValueOrDefault(port, []), target];
    }

    private async Task UseEgressAsync(TailnetNode node, ImmutableArray<ForwardingRule> rules)
    {
        var egress = EgressOf(rules);
        var refused = ImmutableArray.CreateBuilder<RefusedPort>();
        foreach (var (port, listener) in _listeners.ToArray())
        {
            if (!egress.ContainsKey(port))
            {
                _listeners.Remove(port);
                await listener.DisposeAsync().ConfigureAwait(false);
            }
        }

        foreach (var (port, targets) in egress)
        {
            if (_listeners.TryGetValue(port, out var listener))
            {
                listener.Targets = targets;
                continue;
            }

            try
            {
                _listeners[port] = new EgressListener(node, port, targets, podIps, lowPorts, time, logger, _ending.Token);
            }
            catch (SocketException e)
            {
                var problem = $"The Pod cannot listen on {port.Protocol} port {port.Port} for {string.Join(", ", targets)}: {e.Message}. Ports below 1024 need net.ipv4.ip_unprivileged_port_start=0, which most container runtimes set.";
                var service = rules.OfType<ForwardingRule.EgressPort>().FirstOrDefault(rule => rule.Protocol == port.Protocol && rule.MatchPort == port.Port)?.Service
                    ?? throw new ForwardingException(problem, e);
                refused.Add(new RefusedPort(service, $"{service}: {problem}"));
            }
        }

        Refused = refused.ToImmutable();
    }
}
