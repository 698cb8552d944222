namespace Fairlead.Tailnet.Filtering;

/// <summary>Addresses and ports that a rule lets its sources reach.</summary>
internal readonly record struct FilterDestination(AddressRange Addresses, ushort FirstPort, ushort LastPort)
{
    public bool Covers(UInt128 address, ushort port) =>
        address >= Addresses.First && address <= Addresses.Last && port >= FirstPort && port <= LastPort;
}
