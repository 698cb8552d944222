using Fairlead.Tailnet.Protocol.Control.Filters;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <param name="Protocols">IP protocol numbers; empty for those a filter allows when none is named: TCP, UDP and ICMP.</param>
/// <param name="Ports">Destination ports.</param>
internal sealed record AllowedTraffic(IReadOnlyList<int> Protocols, PortRange Ports)
{
    private static readonly int[] Unnamed = [6, 17, 1, 58];

    public bool Allows(int protocol, ushort port) =>
        (Protocols.Count == 0 ? Unnamed : Protocols).Contains(protocol) && Ports.Contains(port);
}
