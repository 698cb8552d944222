namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Types of nf_tables' netlink messages (linux/netfilter/nf_tables.h), with the number of the subsystem.</summary>
internal static class NftMessage
{
    public const ushort Subsystem = 10;
    public const ushort BatchBegin = 16;
    public const ushort BatchEnd = 17;
    public const ushort NewTable = (Subsystem << 8) | 0;
    public const ushort GetTable = (Subsystem << 8) | 1;
    public const ushort DeleteTable = (Subsystem << 8) | 2;
    public const ushort NewChain = (Subsystem << 8) | 3;
    public const ushort GetChain = (Subsystem << 8) | 4;
    public const ushort DeleteChain = (Subsystem << 8) | 5;
    public const ushort NewRule = (Subsystem << 8) | 6;
    public const ushort GetRule = (Subsystem << 8) | 7;
    public const ushort DeleteRule = (Subsystem << 8) | 8;
    public const ushort GetGeneration = (Subsystem << 8) | 16;
}
