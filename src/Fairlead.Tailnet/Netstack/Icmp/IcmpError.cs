namespace Fairlead.Tailnet.Netstack.Icmp;

/// <summary>Errors this stack reports.</summary>
internal enum IcmpError
{
    PortUnreachable,
    ProtocolUnreachable,
}
