using Fairlead.Proxy.Netfilter.Netlink;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Reads what the kernel tells about its tables, chains and rules. Whatever is no such message is an <see cref="InvalidDataException"/>.</summary>
internal static class NftDecoding
{
    /// <summary>Struct nfgenmsg precedes the attributes.</summary>
    private const int FixedSize = 4;

    /// <summary>Whose message it is.</summary>
    public static NftFamily Family(ReadOnlySpan<byte> message) => message.Length > 0 ? (NftFamily)message[0] : throw TooShort(message);

    public static uint Generation(ReadOnlySpan<byte> message)
    {
        var attributes = Attributes(message);
        while (attributes.Next())
        {
            if (attributes.Type == NftAttribute.GenerationId)
            {
                return attributes.Number;
            }
        }

        throw new InvalidDataException("The kernel's answer has no generation.");
    }

    public static NftPresentTable Table(NftFamily family, ReadOnlyMemory<byte> message)
    {
        var table = new NftPresentTable(family, "", "");
        var attributes = Attributes(message.Span);
        while (attributes.Next())
        {
            table = attributes.Type switch
            {
                NftAttribute.TableName => table with { Name = attributes.Text },
                NftAttribute.TableUserData => table with { Label = NftUserData.Read(attributes.Value) },
                _ => table,
            };
        }

        return table;
    }

    public static NftPresentChain Chain(NftFamily family, ReadOnlyMemory<byte> message)
    {
        var chain = new NftPresentChain(family, "", "", "", null, "");
        var attributes = Attributes(message.Span);
        while (attributes.Next())
        {
            chain = attributes.Type switch
            {
                NftAttribute.ChainTable => chain with { Table = attributes.Text },
                NftAttribute.ChainName => chain with { Name = attributes.Text },
                NftAttribute.ChainType => chain with { Type = attributes.Text },
                NftAttribute.ChainHook => chain with { Hook = Hook(attributes.Nested) },
                NftAttribute.ChainUserData => chain with { Label = NftUserData.Read(attributes.Value) },
                _ => chain,
            };
        }

        return chain;
    }

    public static NftPresentRule Rule(NftFamily family, ReadOnlyMemory<byte> message)
    {
        var rule = new NftPresentRule(family, "", "", 0, "", 0);
        var attributes = Attributes(message.Span);
        while (attributes.Next())
        {
            rule = attributes.Type switch
            {
                NftAttribute.RuleTable => rule with { Table = attributes.Text },
                NftAttribute.RuleChain => rule with { Chain = attributes.Text },
                NftAttribute.RuleHandle => rule with { Handle = attributes.LongNumber },
                NftAttribute.RuleUserData => rule with { Label = NftUserData.Read(attributes.Value) },
                NftAttribute.RuleExpressions => rule with { Packets = Packets(attributes.Nested) },
                _ => rule,
            };
        }

        return rule;
    }

    private static NetlinkAttributes Attributes(ReadOnlySpan<byte> message) =>
        message.Length >= FixedSize ? new NetlinkAttributes(message[FixedSize..]) : throw TooShort(message);

    private static InvalidDataException TooShort(ReadOnlySpan<byte> message) => new($"A message of nf_tables has only {message.Length} bytes.");

    private static NftHook? Hook(NetlinkAttributes attributes)
    {
        while (attributes.Next())
        {
            if (attributes.Type == NftAttribute.HookNumber)
            {
                return (NftHook)attributes.Number;
            }
        }

        return null;
    }

    private static ulong Packets(NetlinkAttributes expressions)
    {
        while (expressions.Next())
        {
            var name = "";
            var expression = expressions.Nested;
            while (expression.Next())
            {
                if (expression.Type == NftAttribute.ExpressionName)
                {
                    name = expression.Text;
                }
                else if (expression.Type == NftAttribute.ExpressionData && name == "counter")
                {
                    return CounterPackets(expression.Nested);
                }
            }
        }

        return 0;
    }

    private static ulong CounterPackets(NetlinkAttributes counter)
    {
        while (counter.Next())
        {
            if (counter.Type == NftAttribute.CounterPackets)
            {
                return counter.LongNumber;
            }
        }

        return 0;
    }
}
