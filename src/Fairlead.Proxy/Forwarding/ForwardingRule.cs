using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Forwarding;

/// <summary>
/// One way that traffic takes through a proxy, as desired. What carries it out differs: packet filter rules of the kernel beside a
/// tailscaled with a TUN device, or connections forwarded in user space by a managed node.
/// </summary>
public abstract record ForwardingRule
{
    private ForwardingRule()
    {
    }

    /// <summary>Everything sent to the device's own address goes to one address of the cluster, port by port.</summary>
    /// <param name="Own">The device's address; where the kernel forwards, of the same family as <paramref name="Destination"/>.</param>
    public sealed record IngressToAddress(IPAddress Own, IPAddress Destination) : ForwardingRule;

    /// <summary>Everything sent to the device's own address is spread over the addresses that a DNS name stands for.</summary>
    /// <param name="Backends">At least one, all of the family of <paramref name="Own"/>.</param>
    public sealed record IngressToBackends(IPAddress Own, ImmutableArray<IPAddress> Backends) : ForwardingRule
    {
        public bool Equals(IngressToBackends? other) =>
            other is not null && Own.Equals(other.Own) && Backends.SequenceEqual(other.Backends);

        public override int GetHashCode() => Backends.Aggregate(Own.GetHashCode(), HashCode.Combine);
    }

    /// <summary>Everything that reaches the Pod from the cluster goes to one address of the tailnet.</summary>
    /// <param name="Own">The device's address, which the target sees as the source.</param>
    public sealed record EgressToAddress(IPAddress Own, IPAddress Target) : ForwardingRule;

    /// <summary>One port of an egress Service on a ProxyGroup.</summary>
    /// <param name="MatchPort">The port of the Pod that the Service's traffic arrives at.</param>
    public sealed record EgressPort(
        string Service, TransportProtocol Protocol, ushort MatchPort, IPAddress Own, IPAddress Target, ushort TargetPort) : ForwardingRule;

    /// <summary>Everything sent to the virtual address of a Tailscale Service goes to one address of the cluster.</summary>
    public sealed record IngressService(string Service, IPAddress Vip, IPAddress ClusterIp) : ForwardingRule;

    /// <summary>What the cluster sends to the Pod takes the same way as what comes from the tailnet: layer 7 for both.</summary>
    public sealed record ClusterTraffic(IPAddress PodIp, IPAddress Own) : ForwardingRule;
}
