using System.Net;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Paths;

/// <summary>Hosts that reach each other by UDP and through one relay, in time that stands still between events.</summary>
internal sealed class SimulatedNetwork
{
    public const int Region = 1;
    public const int LargestDatagram = 1312;

    private readonly Dictionary<(UInt128 Address, ushort Port), SimulatedHost> _byAddress = [];
    private readonly Dictionary<NodePublicKey, SimulatedHost> _byNode = [];

    public ManualTime Time { get; } = new();

    /// <summary>One way, by UDP.</summary>
    public Func<UdpAddress, UdpAddress, TimeSpan> Latency { get; set; } = (_, _) => TimeSpan.FromMilliseconds(10);

    public TimeSpan RelayLatency { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Whether a datagram from one address to another gets through.</summary>
    public Func<UdpAddress, UdpAddress, bool> Carries { get; set; } = (_, _) => true;

    /// <summary>Longest datagram that passes by UDP.</summary>
    public int Mtu { get; set; } = LargestDatagram;

    public bool RelayWorks { get; set; } = true;

    public static UdpAddress Address(string text) => UdpAddress.From(IPEndPoint.Parse(text));

    public SimulatedHost Add(params string[] addresses)
    {
        var host = new SimulatedHost(this, [.. addresses.Select(Address)]);
        _byNode[host.Node] = host;
        foreach (var address in host.Addresses)
            Attach(host, address);
        return host;
    }

    public void Attach(SimulatedHost host, UdpAddress address) => _byAddress[(address.Address, address.Port)] = host;

    public void Detach(UdpAddress address) => _byAddress.Remove((address.Address, address.Port));

    public void CarryDirectly(UdpAddress from, UdpAddress to, byte[] datagram)
    {
        if (!Carries(from, to))
            return;
        After(Latency(from, to), () =>
        {
            if (_byAddress.TryGetValue((to.Address, to.Port), out var host))
                host.Arrive(datagram, PathAddress.Direct(from), to);
        });
    }

    public void CarryThroughRelay(NodePublicKey from, NodePublicKey to, byte[] datagram)
    {
        if (RelayWorks && _byNode.TryGetValue(to, out var host))
            After(RelayLatency, () => host.Arrive(datagram, PathAddress.Relayed(Region, from), default));
    }

    private void After(TimeSpan delay, Action action)
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                action();
            },
            null,
            delay,
            Timeout.InfiniteTimeSpan);
    }
}
