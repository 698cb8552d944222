using Fairlead.Proxy.Netfilter.Netlink;
using Fairlead.Proxy.Netfilter.Nftables;

namespace Fairlead.Tailnet.Fuzzing.Netfilter;

/// <summary>What the kernel tells about its packet filter: messages, errors, generation, tables, chains, rules.</summary>
internal sealed class NftablesTarget : IFuzzTarget
{
    private const ushort ExtendedError = 0x200;
    private const ushort ShortError = 0x100;
    private const int HeaderSize = 16;

    public string Name => "nftables";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Message(NftMessage.GetGeneration, 0, writer => writer.Number(NftAttribute.GenerationId, 7));
            yield return Message(NftMessage.NewTable, 0, writer =>
            {
                writer.Text(NftAttribute.TableName, "fairlead");
                writer.Attribute(NftAttribute.TableUserData, NftUserData.Write("fairlead"));
            });
            yield return Message(NftMessage.NewChain, 0, writer =>
            {
                writer.Text(NftAttribute.ChainTable, "fairlead");
                writer.Text(NftAttribute.ChainName, "prerouting");
                writer.Text(NftAttribute.ChainType, "nat");
                writer.Nested(NftAttribute.ChainHook, hook => hook.Number(NftAttribute.HookNumber, 0));
            });
            yield return Message(NftMessage.NewRule, 0, writer =>
            {
                writer.Text(NftAttribute.RuleTable, "fairlead");
                writer.LongNumber(NftAttribute.RuleHandle, 5);
                writer.Nested(NftAttribute.RuleExpressions, expressions => expressions.Nested(NftAttribute.ListElement, expression =>
                {
                    expression.Text(NftAttribute.ExpressionName, "counter");
                    expression.Nested(NftAttribute.ExpressionData, counter => counter.LongNumber(NftAttribute.CounterPackets, 9));
                }));
            });
            yield return Error(0, 0);
            yield return Error(-22, ExtendedError | ShortError);
            yield return [.. Error(-22, ExtendedError), .. Error(0, ShortError)];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        List<NetlinkReply> replies;
        try
        {
            replies = NetlinkReply.ReadAll(input.ToArray());
        }
        catch (InvalidDataException)
        {
            return;
        }

        foreach (var reply in replies)
        {
            Decode(() => reply.ReadError());
            Decode(() => NftDecoding.Family(reply.Payload.Span));
            Decode(() => NftDecoding.Generation(reply.Payload.Span));
            Decode(() => NftDecoding.Table(NftFamily.Ip, reply.Payload));
            Decode(() => NftDecoding.Chain(NftFamily.Ip, reply.Payload));
            Decode(() => NftDecoding.Rule(NftFamily.Ip, reply.Payload));
        }
    }

    // A message of sixteen bytes may be decoded in six ways, each of which may end in an exception of a kilobyte or more.
    public long AllocationLimit(int inputLength) => (1 << 20) + (2048L * inputLength);

    private static void Decode<T>(Func<T> decode)
    {
        try
        {
            _ = decode();
        }
        catch (InvalidDataException)
        {
            // Documented.
        }
    }

    private static byte[] Message(ushort type, ushort flags, Action<NetlinkWriter> content)
    {
        var writer = new NetlinkWriter();
        writer.BeginMessage(type, flags, 1);
        writer.Fixed([(byte)NftFamily.Ip, 0, 0, 0]);
        content(writer);
        writer.EndMessage();
        return writer.Written.ToArray();
    }

    private static byte[] Error(int number, ushort flags)
    {
        var writer = new NetlinkWriter();
        writer.BeginMessage(NetlinkSocket.MessageError, flags, 1);
        writer.Fixed(BitConverter.GetBytes(number));
        writer.Fixed([HeaderSize, .. new byte[HeaderSize - 1]]);
        writer.Text(1, "no such thing");
        writer.EndMessage();
        return writer.Written.ToArray();
    }
}
