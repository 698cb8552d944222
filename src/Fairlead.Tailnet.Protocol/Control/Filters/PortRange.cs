namespace Fairlead.Tailnet.Protocol.Control.Filters;

/// <summary>Ports from the first to the last, both included.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    public static PortRange All { get; } = new(0, ushort.MaxValue);

    public bool Contains(ushort port) => First <= port && port <= Last;
}
