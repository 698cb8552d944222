namespace Fairlead.Tailnet.Filtering;

/// <summary>Addresses and ports that a rule lets its sources reach.</summary>
internal readonly record struct FilterDestination(AddressRange Addresses, ushort FirstPort, ushort LastPort)
{
    public bool CoversAllPorts => FirstPort == 0 && LastPort == ushort.MaxValue;

    public bool Covers(UInt128 address) => address >= Addresses.First && address <= Addresses.Last;

    public bool Covers(ushort port) => port >= FirstPort && port <= LastPort;
}
