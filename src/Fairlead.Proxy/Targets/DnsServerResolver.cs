using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fairlead.Tailnet.Names;

namespace Fairlead.Proxy.Targets;

/// <summary>Asks one DNS server, where the system's resolver does not know the cluster's names.</summary>
/// <param name="server">Over UDP; answers that do not fit are cut, which leaves addresses enough to choose from.</param>
/// <param name="search">Domains to look in, in this order, for names that do not end with a dot; none unless given.</param>
public sealed class DnsServerResolver(IPEndPoint server, ImmutableArray<string> search = default) : INameResolver
{
    /// <summary>A name with as many dots is looked up as it is before the search list is; "ndots" of a kubelet's <c>resolv.conf</c>.</summary>
    private const int DotsOfFullNames = 5;

    /// <summary>RFC 1035, 2.3.4, without the length octets at both ends.</summary>
    private const int LongestName = 253;

    /// <summary>As the resolver of most systems: 5 s, then once more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int Attempts = 2;

    public async Task<ImmutableArray<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var candidate in Candidates(name.ToLowerInvariant()))
        {
            var families = await Task.WhenAll(
                ResolveAsync(new DnsQuestion(candidate, DnsType.A), cancellationToken),
                ResolveAsync(new DnsQuestion(candidate, DnsType.Aaaa), cancellationToken)).ConfigureAwait(false);
            if (families.Any(addresses => !addresses.IsEmpty))
            {
                return [.. families.SelectMany(addresses => addresses)];
            }
        }

        return [];
    }

    private IEnumerable<string> Candidates(string name)
    {
        var plain = name.TrimEnd('.');
        if (search.IsDefaultOrEmpty || name.EndsWith('.'))
        {
            return [plain];
        }

        var searched = search.Select(domain => $"{plain}.{domain}").Where(candidate => candidate.Length <= LongestName);
        return name.Count(c => c == '.') >= DotsOfFullNames ? [plain, .. searched] : [.. searched, plain];
    }

    /// <summary>Addresses behind aliases too: the server puts the whole chain into its answer.</summary>
    private async Task<ImmutableArray<IPAddress>> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                var answer = await ExchangeAsync(question, limit.Token).ConfigureAwait(false);
                return answer.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NameError
                    ? [.. answer.Answers.Select(record => record.Address).OfType<IPAddress>()]
                    : throw new SocketException((int)SocketError.TryAgain, $"The DNS server {server} answers {answer.ResponseCode} for {question.Name}.");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && attempt < Attempts)
            {
                // Lost on its way, perhaps.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new SocketException((int)SocketError.TimedOut, $"The DNS server {server} did not answer.");
            }
        }
    }

    private async Task<DnsMessage> ExchangeAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        // Unforeseeable, so that nobody else's answer passes for the server's (RFC 5452, 9.2).
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        var query = new DnsMessage { Id = id, Question = question, RecursionDesired = true, UdpSize = DnsMessage.MaxUdpSize };
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query.ToBytes(), cancellationToken).ConfigureAwait(false);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (DnsMessage.TryRead(buffer.AsSpan(0, length)) is { IsResponse: true } answer && answer.Id == id && answer.Question == question)
            {
                return answer;
            }
        }
    }
}
