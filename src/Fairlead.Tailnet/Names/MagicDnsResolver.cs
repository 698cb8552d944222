using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Names;

/// <summary>Answers questions about names: the tailnet's from the network map, others by asking whom the map names for them.</summary>
internal sealed class MagicDnsResolver(IDnsTransport transport, TimeProvider time)
{
    /// <summary>How long one server may take before the next is asked.</summary>
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Questions under way to other servers; more are refused, so that a flood of them holds no memory.</summary>
    private const int MaxForwarded = 256;

    private MagicDnsZone _zone = MagicDnsZone.Empty;
    private int _forwarded;

    public MagicDnsZone Zone
    {
        get => Volatile.Read(ref _zone);
        set => Volatile.Write(ref _zone, value);
    }

    /// <summary>Answers a query in wire form.</summary>
    /// <param name="isDatagram">Whether the answer must fit a datagram of the size that the asker takes.</param>
    /// <returns>Null if the query deserves no answer.</returns>
    public async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> query, bool isDatagram, CancellationToken cancellationToken)
    {
        if (DnsMessage.TryRead(query.Span) is not { IsResponse: false } asked)
        {
            return null;
        }

        var limit = isDatagram ? Math.Clamp(asked.UdpSize ?? 0, DnsMessage.PlainUdpSize, DnsMessage.MaxUdpSize) : ushort.MaxValue;
        if (asked.Operation != 0)
        {
            return asked.Reply(DnsResponseCode.NotImplemented, [], authoritative: false).ToBytes(limit);
        }

        var lookup = Zone.Lookup(asked.Question);
        if (lookup.IsOurs)
        {
            return asked.Reply(lookup.Code, lookup.Answers, authoritative: true).ToBytes(limit);
        }

        if (lookup.ForwardTo.Count == 0)
        {
            return asked.Reply(DnsResponseCode.Refused, [], authoritative: false).ToBytes(limit);
        }

        var answer = await ForwardAsync(query, lookup.ForwardTo, cancellationToken).ConfigureAwait(false);
        return answer is null ? asked.Reply(DnsResponseCode.ServerFailure, [], authoritative: false).ToBytes(limit)
            : answer.Length <= limit ? answer
            : DnsMessage.TryRead(answer) is not { } whole ? asked.Reply(DnsResponseCode.ServerFailure, [], authoritative: false).ToBytes(limit)
            : (whole with { UdpSize = asked.UdpSize is null ? null : DnsMessage.MaxUdpSize }).ToBytes(limit);
    }

    /// <summary>Addresses of a name, in the order to try them; empty if there are none.</summary>
    /// <param name="name">A short name, looked for in the tailnet's domain first, or a whole one.</param>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var zone = Zone;
        foreach (var candidate in zone.Candidates(name))
        {
            if (zone.AddressesOf(candidate) is { } ours)
            {
                return ours;
            }
        }

        var whole = DnsName.Normalize(name);
        if (whole.Length == 0 || !DnsName.IsValid(whole))
        {
            return [];
        }

        var lookup = zone.Lookup(new DnsQuestion(whole, DnsType.A));
        if (lookup.IsOurs)
        {
            return [];
        }

        if (lookup.ForwardTo.Count == 0)
        {
            return await AskSystemAsync(whole, cancellationToken).ConfigureAwait(false);
        }

        var answers = await Task.WhenAll(
            AskAsync(whole, DnsType.A, lookup.ForwardTo, cancellationToken),
            AskAsync(whole, DnsType.Aaaa, lookup.ForwardTo, cancellationToken)).ConfigureAwait(false);
        return [.. answers.SelectMany(answer => answer)];
    }

    private static async Task<IReadOnlyList<IPAddress>> AskSystemAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<IPAddress>> AskAsync(string name, DnsType type, IReadOnlyList<string> servers, CancellationToken cancellationToken)
    {
        var query = new DnsMessage
        {
            Id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1),
            RecursionDesired = true,
            Question = new DnsQuestion(name, type),
            UdpSize = DnsMessage.MaxUdpSize,
        };
        var answer = await ForwardAsync(query.ToBytes(), servers, cancellationToken).ConfigureAwait(false);
        return answer is not null && DnsMessage.TryRead(answer) is { } message
            ? [.. message.Answers.Where(record => record.Type == type).Select(record => record.Address).OfType<IPAddress>()]
            : [];
    }

    private async Task<byte[]?> ForwardAsync(ReadOnlyMemory<byte> query, IReadOnlyList<string> servers, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _forwarded) > MaxForwarded)
        {
            Interlocked.Decrement(ref _forwarded);
            return null;
        }

        try
        {
            foreach (var server in servers)
            {
                using var timeout = new CancellationTokenSource(ServerTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
                try
                {
                    var answer = await transport.ExchangeAsync(server, query, either.Token).ConfigureAwait(false);
                    if (DnsExchange.IsAnswerTo(query.Span, answer))
                    {
                        return answer;
                    }
                }
                catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    // The next server may know better; when none does, the asker is told.
                }
            }

            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _forwarded);
        }
    }
}
