using Fairlead.Proxy.Netfilter.Netlink;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>One change within a batch.</summary>
internal sealed class NftOperation
{
    // linux/netlink.h
    private const ushort Create = 0x400;
    private const ushort Append = 0x800;

    private readonly Action<NetlinkWriter> _attributes;

    /// <param name="text">As nft(8) would write it, for errors.</param>
    public NftOperation(ushort type, ushort flags, NftFamily family, string text, Action<NetlinkWriter> attributes)
    {
        Type = type;
        Flags = flags;
        Family = family;
        Text = text;
        _attributes = attributes;
    }

    public ushort Type { get; }

    public ushort Flags { get; }

    public NftFamily Family { get; }

    /// <summary>As nft(8) would write it.</summary>
    public string Text { get; }

    public static NftOperation AddTable(NftFamily family, string name) => new(
        NftMessage.NewTable, Create, family, $"add table {family.Word()} {name}", attributes =>
        {
            attributes.Text(NftAttribute.TableName, name);
            attributes.Attribute(NftAttribute.TableUserData, NftUserData.Write(NftOwnership.Mark));
        });

    public static NftOperation DeleteTable(NftFamily family, string name) => new(
        NftMessage.DeleteTable, 0, family, $"delete table {family.Word()} {name}", attributes => attributes.Text(NftAttribute.TableName, name));

    public static NftOperation AddChain(NftFamily family, NftBaseChain chain) => new(
        NftMessage.NewChain,
        Create,
        family,
        $"add chain {family.Word()} {chain.Table} {chain.Name} {{ type {chain.Type} hook {chain.Hook.ToString().ToLowerInvariant()} priority {chain.Priority}; }}",
        attributes =>
        {
            attributes.Text(NftAttribute.ChainTable, chain.Table);
            attributes.Text(NftAttribute.ChainName, chain.Name);
            attributes.Nested(NftAttribute.ChainHook, hook =>
            {
                hook.Number(NftAttribute.HookNumber, (uint)chain.Hook);
                hook.Number(NftAttribute.HookPriority, unchecked((uint)chain.Priority));
            });
            attributes.Text(NftAttribute.ChainType, chain.Type);
            attributes.Attribute(NftAttribute.ChainUserData, NftUserData.Write(NftOwnership.Mark));
        });

    public static NftOperation DeleteChain(NftFamily family, string table, string name) => new(
        NftMessage.DeleteChain, 0, family, $"delete chain {family.Word()} {table} {name}", attributes =>
        {
            attributes.Text(NftAttribute.ChainTable, table);
            attributes.Text(NftAttribute.ChainName, name);
        });

    public static NftOperation AppendRule(NftRule rule) => NewRule(rule, "add", Create | Append);

    /// <summary>Puts the rule before all others of its chain.</summary>
    public static NftOperation InsertRule(NftRule rule) => NewRule(rule, "insert", Create);

    public static NftOperation DeleteRule(NftPresentRule rule) => new(
        NftMessage.DeleteRule, 0, rule.Family, $"delete rule {rule.Family.Word()} {rule.Table} {rule.Chain} handle {rule.Handle} # {rule.Label}", attributes =>
        {
            attributes.Text(NftAttribute.RuleTable, rule.Table);
            attributes.Text(NftAttribute.RuleChain, rule.Chain);
            attributes.LongNumber(NftAttribute.RuleHandle, rule.Handle);
        });

    public void WriteAttributes(NetlinkWriter writer) => _attributes(writer);

    public override string ToString() => Text;

    private static NftOperation NewRule(NftRule rule, string verb, ushort flags) => new(
        NftMessage.NewRule, flags, rule.Family, $"{verb} rule {rule.Family.Word()} {rule.Chain.Table} {rule.Chain.Name} {rule.Text} comment \"{rule.Label}\"", attributes =>
        {
            attributes.Text(NftAttribute.RuleTable, rule.Chain.Table);
            attributes.Text(NftAttribute.RuleChain, rule.Chain.Name);
            attributes.Nested(NftAttribute.RuleExpressions, list =>
            {
                foreach (var expression in rule.Expressions)
                {
                    expression.WriteTo(list);
                }
            });
            if (rule.Label.Length > 0)
            {
                attributes.Attribute(NftAttribute.RuleUserData, NftUserData.Write(rule.Label));
            }
        });
}
