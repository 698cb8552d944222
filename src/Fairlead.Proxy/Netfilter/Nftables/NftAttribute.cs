namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Numbers of nf_tables' netlink interface (linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h) that several types use.</summary>
internal static class NftAttribute
{
    public const ushort TableName = 1;
    public const ushort TableUserData = 6;
    public const ushort ChainTable = 1;
    public const ushort ChainName = 3;
    public const ushort ChainHook = 4;
    public const ushort ChainType = 7;
    public const ushort ChainUserData = 12;
    public const ushort HookNumber = 1;
    public const ushort HookPriority = 2;
    public const ushort RuleTable = 1;
    public const ushort RuleChain = 2;
    public const ushort RuleHandle = 3;
    public const ushort RuleExpressions = 4;
    public const ushort RuleUserData = 7;
    public const ushort ListElement = 1;
    public const ushort ExpressionName = 1;
    public const ushort ExpressionData = 2;
    public const ushort CounterPackets = 2;
    public const ushort GenerationId = 1;
}
