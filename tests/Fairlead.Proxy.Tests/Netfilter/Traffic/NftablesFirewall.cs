using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Netfilter.Nftables;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>nf_tables by netlink alone: no program needs to be installed.</summary>
internal sealed class NftablesFirewall : IFirewall
{
    private const ushort Create = 0x400;
    private const ushort Append = 0x800;
    private const uint First = 1;

    // Marks of tailscaled: which bits, and what they say of packets that are forwarded from the tailnet.
    private static readonly byte[] MarkMask = BitConverter.GetBytes(0xff0000);
    private static readonly byte[] OtherBits = BitConverter.GetBytes(0xff00ffff);
    private static readonly byte[] ForwardedMark = BitConverter.GetBytes(0x40000);

    public NetfilterOptions Options { get; } = new() { FirewallMode = "nftables" };

    public Task ResetAsync()
    {
        using var client = new NftClient();
        var present = client.Read();
        client.Commit(present.Generation, [.. present.Tables.Select(table => NftOperation.DeleteTable(table.Family, table.Name))]);
        return Task.CompletedTask;
    }

    public Task AddTailscaledAsync()
    {
        using var client = new NftClient();
        foreach (var family in (NftFamily[])[NftFamily.Ip, NftFamily.Ip6])
        {
            client.Commit(client.Read().Generation,
            [
                Table(family, "nat"),
                Table(family, "filter"),
                BaseChain(family, "nat", "POSTROUTING", "nat", NftHook.Postrouting, 100),
                BaseChain(family, "filter", "FORWARD", "filter", NftHook.Forward, 0),
                Chain(family, "nat", "ts-postrouting"),
                Chain(family, "filter", "ts-forward"),
                Rule(family, "nat", "POSTROUTING", Counter(), Jump("ts-postrouting")),
                Rule(family, "filter", "FORWARD", Counter(), Jump("ts-forward")),
                Rule(family, "filter", "ts-forward", [Meta(6), Compare(InterfaceName("tailscale0")), Meta(3), Bitwise(OtherBits, ForwardedMark), SetMark(), Counter()]),
                Rule(family, "nat", "ts-postrouting", [Meta(3), Bitwise(MarkMask, new byte[4]), Compare(ForwardedMark), Counter(), new("masq", _ => { })]),
            ]);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<CountedRule>> RulesAsync()
    {
        using var client = new NftClient();
        return Task.FromResult<IReadOnlyList<CountedRule>>(
            [.. client.Read().Rules.Select(rule => new CountedRule($"{rule.Family} {rule.Table} {rule.Chain} {rule.Handle}", rule.Label, (long)rule.Packets))]);
    }

    private static NftOperation Table(NftFamily family, string name) => new(
        NftMessage.NewTable, Create, family, $"add table {name}", message => message.Text(NftAttribute.TableName, name));

    private static NftOperation BaseChain(NftFamily family, string table, string name, string type, NftHook hook, uint priority) => new(
        NftMessage.NewChain, Create, family, $"add chain {name}", message =>
        {
            message.Text(NftAttribute.ChainTable, table);
            message.Text(NftAttribute.ChainName, name);
            message.Nested(NftAttribute.ChainHook, nested =>
            {
                nested.Number(NftAttribute.HookNumber, (uint)hook);
                nested.Number(NftAttribute.HookPriority, priority);
            });
            message.Text(NftAttribute.ChainType, type);
        });

    private static NftOperation Chain(NftFamily family, string table, string name) => new(
        NftMessage.NewChain, Create, family, $"add chain {name}", message =>
        {
            message.Text(NftAttribute.ChainTable, table);
            message.Text(NftAttribute.ChainName, name);
        });

    private static NftOperation Rule(NftFamily family, string table, string chain, params NftExpression[] expressions) => new(
        NftMessage.NewRule, Create | Append, family, $"add rule {chain}", message =>
        {
            message.Text(NftAttribute.RuleTable, table);
            message.Text(NftAttribute.RuleChain, chain);
            message.Nested(NftAttribute.RuleExpressions, list =>
            {
                foreach (var expression in expressions)
                {
                    expression.WriteTo(list);
                }
            });
        });

    private static NftExpression Counter() => NftExpression.Counter();

    private static NftExpression Jump(string chain) => new("immediate", data =>
    {
        const int JumpCode = -3;
        data.Number(1, 0);
        data.Nested(2, value => value.Nested(2, verdict =>
        {
            verdict.Number(1, unchecked((uint)JumpCode));
            verdict.Text(2, chain);
        }));
    });

    private static NftExpression Meta(uint key) => new("meta", data =>
    {
        data.Number(1, First);
        data.Number(2, key);
    });

    private static NftExpression SetMark() => new("meta", data =>
    {
        data.Number(2, 3);
        data.Number(3, First);
    });

    private static NftExpression Bitwise(byte[] mask, byte[] xor) => new("bitwise", data =>
    {
        data.Number(1, First);
        data.Number(2, First);
        data.Number(3, (uint)mask.Length);
        data.Nested(4, nested => nested.Attribute(1, mask));
        data.Nested(5, nested => nested.Attribute(1, xor));
    });

    private static NftExpression Compare(byte[] value) => new("cmp", data =>
    {
        data.Number(1, First);
        data.Number(2, 0);
        data.Nested(3, nested => nested.Attribute(1, value));
    });

    private static byte[] InterfaceName(string name)
    {
        var bytes = new byte[16];
        System.Text.Encoding.UTF8.GetBytes(name, bytes);
        return bytes;
    }
}
