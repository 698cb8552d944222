using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Names;

namespace Fairlead.Tailnet.Tests.Names;

public sealed class MagicDnsResolverTests
{
    [Fact]
    public async Task A_name_of_the_tailnet_is_answered_at_once()
    {
        var resolver = Resolver(new MagicDnsConfig { Suffix = "t.example", Hosts = [new("web.t.example", IPAddress.Parse("100.64.0.7"))] });

        var answer = await resolver.AnswerAsync(Query("web.t.example"), isDatagram: true, TestContext.Current.CancellationToken);

        var message = DnsMessage.TryRead(answer);
        Assert.Equal("100.64.0.7", message?.Answers.Single().Address?.ToString());
        Assert.True(message!.IsAuthoritative);
        Assert.Equal(["100.64.0.7"], (await resolver.ResolveAsync("web", TestContext.Current.CancellationToken)).Select(address => address.ToString()));
    }

    [Fact]
    public async Task Other_names_are_asked_of_the_named_server_and_a_false_answer_is_not_believed()
    {
        await using var server = new DnsServer(query =>
        [
            (query with { Id = (ushort)(query.Id + 1) }).Reply(DnsResponseCode.NoError, [DnsRecord.ForAddress(query.Question.Name, IPAddress.Parse("6.6.6.6"), 1)], false).ToBytes(),
            query.Reply(DnsResponseCode.NoError, query.Question.Type == DnsType.A ? [DnsRecord.ForAddress(query.Question.Name, IPAddress.Parse("10.0.0.9"), 1)] : [], false).ToBytes(),
        ]);
        var resolver = Resolver(new MagicDnsConfig { Routes = [new("corp.example", [server.Address])] });

        var answer = await resolver.AnswerAsync(Query("wiki.corp.example"), isDatagram: true, TestContext.Current.CancellationToken);

        Assert.Equal("10.0.0.9", DnsMessage.TryRead(answer)?.Answers.Single().Address?.ToString());
        Assert.Equal(["10.0.0.9"], (await resolver.ResolveAsync("wiki.corp.example", TestContext.Current.CancellationToken)).Select(address => address.ToString()));
    }

    [Fact]
    public async Task An_answer_too_large_for_a_datagram_is_fetched_whole_over_TCP()
    {
        await using var server = new DnsServer(query =>
        [
            query.Reply(DnsResponseCode.NoError, [.. Enumerable.Range(0, 100).Select(i => DnsRecord.ForAddress(query.Question.Name, new IPAddress([10, 0, 0, (byte)i]), 1))], false).ToBytes(),
        ]);
        var resolver = Resolver(new MagicDnsConfig { Routes = [new("corp.example", [server.Address])] });

        var overTcp = await resolver.AnswerAsync(Query("many.corp.example"), isDatagram: false, TestContext.Current.CancellationToken);
        var overUdp = await resolver.AnswerAsync(Query("many.corp.example"), isDatagram: true, TestContext.Current.CancellationToken);

        Assert.Equal(100, DnsMessage.TryRead(overTcp)?.Answers.Count);
        Assert.True(DnsMessage.TryRead(overUdp)?.IsTruncated);
        Assert.True(overUdp!.Length <= 512);
    }

    [Fact]
    public async Task With_no_server_to_be_had_the_asker_is_told()
    {
        var resolver = Resolver(new MagicDnsConfig { Routes = [new("corp.example", ["127.0.0.1:1"])] });

        var answer = await resolver.AnswerAsync(Query("wiki.corp.example"), isDatagram: true, TestContext.Current.CancellationToken);

        Assert.Equal(DnsResponseCode.ServerFailure, DnsMessage.TryRead(answer)?.ResponseCode);
    }

    public static TheoryData<string> Nonsense => ["", "nonsense", "https://", "https://[", "https:// /", "10.0.0.1:99999", "tls://1.1.1.1"];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task A_server_named_by_nonsense_is_passed_over(string server)
    {
        await using var good = new DnsServer(query => [query.Reply(DnsResponseCode.NoError, [DnsRecord.ForAddress(query.Question.Name, IPAddress.Parse("10.0.0.9"), 1)], false).ToBytes()]);
        var resolver = Resolver(new MagicDnsConfig { Routes = [new("corp.example", [server, good.Address])] });

        var answer = await resolver.AnswerAsync(Query("wiki.corp.example"), isDatagram: true, TestContext.Current.CancellationToken);

        Assert.Equal("10.0.0.9", DnsMessage.TryRead(answer)?.Answers.Single().Address?.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(65_535)]
    public async Task An_answer_that_is_none_is_told_as_a_failure(int length)
    {
        var resolver = new MagicDnsResolver(new NonsenseTransport(length), TimeProvider.System) { Zone = new MagicDnsZone(new MagicDnsConfig { Resolvers = ["x"] }) };

        var answer = await resolver.AnswerAsync(Query("wiki.corp.example"), isDatagram: true, TestContext.Current.CancellationToken);

        Assert.Equal(DnsResponseCode.ServerFailure, DnsMessage.TryRead(answer)?.ResponseCode);
        Assert.Empty(await resolver.ResolveAsync("wiki.corp.example", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("bücher.corp.example")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.corp.example")]
    public async Task What_is_no_name_has_no_addresses(string name)
    {
        var asking = Resolver(new MagicDnsConfig { Routes = [new("corp.example", ["127.0.0.1:1"])], Resolvers = ["127.0.0.1:1"] });
        Assert.Empty(await asking.ResolveAsync(name, TestContext.Current.CancellationToken));
        Assert.Empty(await Resolver(MagicDnsConfig.Empty).ResolveAsync(name, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_no_query_gets_no_answer()
    {
        var resolver = Resolver(MagicDnsConfig.Empty);

        Assert.Null(await resolver.AnswerAsync(new byte[5], isDatagram: true, TestContext.Current.CancellationToken));
    }

    private static byte[] Query(string name) => new DnsMessage { Id = 7, RecursionDesired = true, Question = new DnsQuestion(name, DnsType.A) }.ToBytes();

    private static MagicDnsResolver Resolver(MagicDnsConfig config) =>
        new(new SystemDnsTransport(new HttpMessageInvoker(new SocketsHttpHandler())), TimeProvider.System) { Zone = new MagicDnsZone(config) };

    private sealed class NonsenseTransport(int length) : IDnsTransport
    {
        public Task<byte[]> ExchangeAsync(string server, ReadOnlyMemory<byte> query, CancellationToken cancellationToken) =>
            Task.FromResult<byte[]>([.. query.Span[..Math.Min(2, length)], .. new byte[Math.Max(0, length - 2)]]);
    }

    /// <summary>Answers on UDP, cut to 512 bytes, and on TCP of the same port.</summary>
    private sealed class DnsServer : IAsyncDisposable
    {
        private readonly Func<DnsMessage, IEnumerable<byte[]>> _answers;
        private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Socket _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _running;

        public DnsServer(Func<DnsMessage, IEnumerable<byte[]>> answers)
        {
            _answers = answers;
            _tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _tcp.Listen();
            _udp.Bind(_tcp.LocalEndPoint!);
            Address = _tcp.LocalEndPoint!.ToString()!;
            _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
        }

        public string Address { get; }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _udp.Dispose();
            _tcp.Dispose();
            _stopping.Dispose();
        }

        private async Task ServeUdpAsync()
        {
            var buffer = new byte[2048];
            while (true)
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                foreach (var answer in _answers(DnsMessage.TryRead(buffer.AsSpan(0, received.ReceivedBytes))!))
                {
                    await _udp.SendToAsync(DnsMessage.TryRead(answer)!.ToBytes(512), received.RemoteEndPoint);
                }
            }
        }

        private async Task ServeTcpAsync()
        {
            while (true)
            {
                using var stream = new NetworkStream(await _tcp.AcceptAsync(_stopping.Token), ownsSocket: true);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length, _stopping.Token);
                var query = new byte[(length[0] << 8) | length[1]];
                await stream.ReadExactlyAsync(query, _stopping.Token);
                var answer = _answers(DnsMessage.TryRead(query)!).Last();
                await stream.WriteAsync(new byte[] { (byte)(answer.Length >> 8), (byte)answer.Length }, _stopping.Token);
                await stream.WriteAsync(answer, _stopping.Token);
            }
        }
    }
}
