using Fairlead.Proxy.Netfilter.Sysctls;

namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>
/// The networks around a proxy's Pod, made once for all tests of a class: this process' namespace is the Pod, with the interface of a
/// tailscaled to the tailnet and one to the cluster. Neither side has routes to the other: answers find back only if sources were
/// translated.
/// </summary>
public sealed class ProxyNetwork : IDisposable
{
    /// <summary>The MTU of a tailscaled's TUN device; the others have that of an Ethernet.</summary>
    public const int TailnetMtu = 1280;

    private const int EthernetMtu = 1500;
    private const string Ethernet = "eth0";

    public ProxyNetwork()
    {
        if (!NamespaceRun.IsInside)
        {
            return;
        }

        Pod = NetworkSpace.Current();
        Tailnet = NetworkSpace.Create();
        Cluster = NetworkSpace.Create();
        Interfaces.BringUp(Pod, "lo", 65_536);
        Interfaces.Connect(Pod, "tailscale0", Tailnet, Ethernet);
        Interfaces.Connect(Pod, Ethernet, Cluster, Ethernet);
        Interfaces.BringUp(Tailnet, Ethernet, EthernetMtu);
        Interfaces.BringUp(Cluster, Ethernet, EthernetMtu);
        Interfaces.BringUp(Pod, Ethernet, EthernetMtu);
        Interfaces.BringUp(Pod, "tailscale0", TailnetMtu);
        foreach (var family in AddressPlan.All)
        {
            Interfaces.AddAddress(Tailnet, Ethernet, $"{family.Peer}/{family.TailnetPrefix}");
            Interfaces.AddAddress(Pod, "tailscale0", $"{family.Own}/{family.TailnetPrefix}");
            Interfaces.AddAddress(Pod, Ethernet, $"{family.Pod}/{family.PodPrefix}");
            foreach (var backend in family.Backends)
            {
                Interfaces.AddAddress(Cluster, Ethernet, $"{backend}/{family.PodPrefix}");
            }

            Interfaces.AddAddress(Cluster, Ethernet, $"{family.ClusterIp}/{family.HostPrefix}");
            Interfaces.AddRoute(Pod, Ethernet, $"{family.ClusterIp}/{family.HostPrefix}");
            Interfaces.AddRoute(Tailnet, Ethernet, $"{family.Vip}/{family.HostPrefix}", $"{family.Own}");
        }

        new KernelSettings().Enable([ForwardingSysctls.ForIPv4, ForwardingSysctls.ForIPv6]);
    }

    /// <summary>This process' own namespace.</summary>
    internal NetworkSpace Pod { get; } = null!;

    internal NetworkSpace Tailnet { get; } = null!;

    internal NetworkSpace Cluster { get; } = null!;

    public void Dispose()
    {
        Pod?.Dispose();
        Tailnet?.Dispose();
        Cluster?.Dispose();
    }
}
