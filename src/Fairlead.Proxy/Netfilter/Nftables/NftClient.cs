using System.Buffers.Binary;
using System.Collections.Immutable;
using Fairlead.Proxy.Netfilter.Netlink;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Reads and changes nf_tables' rule sets of one network namespace by netlink messages.</summary>
/// <remarks>The namespace is that of the thread that makes the client. Calls must not overlap.</remarks>
internal sealed class NftClient : IDisposable
{
    private const byte Version = 0;

    // A reading is repeated when others change the rules meanwhile; who is disturbed this often is not alone but under attack.
    private const int ReadAttempts = 20;

    private readonly NetlinkSocket _socket = new(NetlinkSocket.Netfilter);

    /// <exception cref="NetlinkException">The kernel refuses, or has no nf_tables.</exception>
    /// <exception cref="IOException">The rules change so fast that no consistent view is to be had.</exception>
    public NftRuleset Read()
    {
        for (var attempt = 0; attempt < ReadAttempts; attempt++)
        {
            var generation = ReadGeneration();
            var tables = ImmutableArray.CreateBuilder<NftPresentTable>();
            var chains = ImmutableArray.CreateBuilder<NftPresentChain>();
            var rules = ImmutableArray.CreateBuilder<NftPresentRule>();
            var whole = Dump(NftMessage.GetTable, (family, bytes) => tables.Add(NftDecoding.Table(family, bytes)))
                && Dump(NftMessage.GetChain, (family, bytes) => chains.Add(NftDecoding.Chain(family, bytes)))
                && Dump(NftMessage.GetRule, (family, bytes) => rules.Add(NftDecoding.Rule(family, bytes)));
            if (whole && generation == ReadGeneration())
            {
                return new NftRuleset(generation, tables.ToImmutable(), chains.ToImmutable(), rules.ToImmutable());
            }
        }

        throw new IOException("The packet filter's rules change too fast to be read.");
    }

    /// <summary>Makes all changes or none.</summary>
    /// <param name="generation">The generation that they rest on.</param>
    /// <exception cref="NftRefusedException">The kernel refuses one.</exception>
    /// <exception cref="NetlinkException">The batch as a whole fails: <see cref="NetlinkException.Stale"/> if others changed something since.</exception>
    public void Commit(uint generation, IReadOnlyList<NftOperation> operations)
    {
        if (operations.Count == 0)
        {
            return;
        }

        var writer = new NetlinkWriter();
        var begin = _socket.NextSequence();
        writer.BeginMessage(NftMessage.BatchBegin, NetlinkSocket.FlagRequest, begin);
        WriteFamily(writer, NftFamily.Unspecified, NftMessage.Subsystem);
        writer.Number(NftAttribute.GenerationId, generation);
        writer.EndMessage();
        var last = begin;
        for (var index = 0; index < operations.Count; index++)
        {
            // The kernel always says what failed. Success needs to be said once only; more could overrun the socket's buffer.
            var operation = operations[index];
            var acknowledge = index == operations.Count - 1 ? NetlinkSocket.FlagAcknowledge : (ushort)0;
            last = _socket.NextSequence();
            writer.BeginMessage(operation.Type, (ushort)(NetlinkSocket.FlagRequest | acknowledge | operation.Flags), last);
            WriteFamily(writer, operation.Family, 0);
            operation.WriteAttributes(writer);
            writer.EndMessage();
        }

        writer.BeginMessage(NftMessage.BatchEnd, NetlinkSocket.FlagRequest, _socket.NextSequence());
        WriteFamily(writer, NftFamily.Unspecified, NftMessage.Subsystem);
        writer.EndMessage();
        _socket.Send(writer.Written);

        NetlinkException? failure = null;
        for (var answered = false; !answered;)
        {
            foreach (var reply in _socket.Receive().Where(reply => reply.Type == NetlinkSocket.MessageError && reply.Sequence >= begin && reply.Sequence <= last))
            {
                failure ??= reply.ReadError();

                // What is wrong with the batch as a whole is said about its beginning.
                answered |= reply.Sequence == last || reply.Sequence == begin;
            }
        }

        if (failure is not null)
        {
            throw failure.Sequence > begin ? new NftRefusedException(operations[(int)(failure.Sequence - begin - 1)], failure) : failure;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Struct nfgenmsg: family, version, and a number whose meaning depends on the message.</summary>
    private static void WriteFamily(NetlinkWriter writer, NftFamily family, ushort resource)
    {
        Span<byte> bytes = [(byte)family, Version, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], resource);
        writer.Fixed(bytes);
    }

    private uint ReadGeneration()
    {
        var sequence = Ask(NftMessage.GetGeneration, 0);
        while (true)
        {
            foreach (var reply in _socket.Receive().Where(reply => reply.Sequence == sequence))
            {
                if (reply.Type == NetlinkSocket.MessageError)
                {
                    throw reply.ReadError() ?? new NetlinkException(NetlinkException.NotSupported, sequence, "the kernel does not tell nf_tables' generation");
                }

                return NftDecoding.Generation(reply.Payload.Span);
            }
        }
    }

    /// <returns>Whether nothing changed meanwhile.</returns>
    private bool Dump(ushort type, Action<NftFamily, ReadOnlyMemory<byte>> take)
    {
        var sequence = Ask(type, NetlinkSocket.FlagDump);
        var whole = true;
        while (true)
        {
            foreach (var reply in _socket.Receive().Where(reply => reply.Sequence == sequence))
            {
                whole &= (reply.Flags & NetlinkSocket.FlagDumpInterrupted) == 0;
                switch (reply.Type)
                {
                    case NetlinkSocket.MessageDone:
                        return whole;
                    case NetlinkSocket.MessageError when reply.ReadError() is { } error:
                        throw error;
                    case NetlinkSocket.MessageError:
                        break;
                    default:
                        var family = NftDecoding.Family(reply.Payload.Span);
                        if (family is NftFamily.Ip or NftFamily.Ip6)
                        {
                            take(family, reply.Payload);
                        }

                        break;
                }
            }
        }
    }

    private uint Ask(ushort type, ushort flags)
    {
        var sequence = _socket.NextSequence();
        var writer = new NetlinkWriter();
        writer.BeginMessage(type, (ushort)(NetlinkSocket.FlagRequest | flags), sequence);
        WriteFamily(writer, NftFamily.Unspecified, 0);
        writer.EndMessage();
        _socket.Send(writer.Written);
        return sequence;
    }
}
