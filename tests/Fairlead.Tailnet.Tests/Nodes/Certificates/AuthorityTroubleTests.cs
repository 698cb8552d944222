using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using AcmeServer = Fairlead.Testing.AcmeServer;

namespace Fairlead.Tailnet.Tests.Nodes.Certificates;

/// <summary>Certificate authorities that are silent, broken or busy.</summary>
public sealed class AuthorityTroubleTests : IDisposable
{
    private const string Domain = "web.tail.example.ts.net";
    private const string DirectoryText = """{ "newNonce": "http://ca/nonce", "newAccount": "http://ca/account", "newOrder": "http://ca/orders", "renewalInfo": "http://ca/renewal" }""";

    private readonly MemoryNodeStateStore _store = new();
    private readonly Authority _authority = new();
    private readonly ManualTime _time = new();
    private readonly RecordingLogger _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("""{"suggestedWindow":"soon"}""")]
    [InlineData("""{"suggestedWindow":{"start":"2026-01-01"}}""")]
    [InlineData("""{"suggestedWindow":{"start":{},"end":"\ud800"}}""")]
    [InlineData("""{"suggestedWindow":[1]}""")]
    [InlineData("[1]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public async Task A_good_certificate_is_given_out_whatever_the_authority_says_of_its_renewal(string? answer)
    {
        await IssueAsync();
        _authority.Answer = (request, _) => Text(request, answer);
        using var issuer = NewIssuer(TimeProvider.System);

        Assert.NotNull(await issuer.GetAsync(Domain, TimeSpan.Zero, Stop).WaitAsync(TimeSpan.FromSeconds(5), Stop));

        await Wait.UntilAsync("the authority is asked", () => _authority.Asked.Count >= (answer is null ? 1 : 2));
        Assert.NotNull(await issuer.GetAsync(Domain, TimeSpan.Zero, Stop).WaitAsync(TimeSpan.FromSeconds(5), Stop));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"newNonce":1,"newAccount":[],"newOrder":{}}""")]
    [InlineData("""{"newNonce":"ftp://ca/nonce","newAccount":"::","newOrder":""}""")]
    public async Task A_directory_of_nonsense_is_named_as_that(string directory)
    {
        _authority.Answer = (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent(directory) });
        using var issuer = NewIssuer(_time);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, Stop));

        Assert.Contains("http://ca/", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_authority_is_given_up_after_a_time()
    {
        _authority.Answer = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var issuer = NewIssuer(_time);
        var asking = issuer.GetAsync(Domain, TimeSpan.Zero, Stop);
        await Wait.UntilAsync("the authority is asked", () => _authority.Asked.Count == 1);
        Assert.False(asking.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(31));

        var failure = await Assert.ThrowsAsync<AcmeException>(() => asking);
        Assert.Contains("did not answer within 30 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_failed_order_the_next_waits_as_long_as_the_authority_says()
    {
        _authority.Answer = (_, _) =>
        {
            var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("""{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many orders"}""") };
            busy.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromMinutes(20));
            return Task.FromResult(busy);
        };
        using var issuer = NewIssuer(_time);
        await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, Stop));
        var asked = _authority.Asked.Count;

        _time.Advance(TimeSpan.FromMinutes(15));
        var early = await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, Stop));

        Assert.Equal(asked, _authority.Asked.Count);
        Assert.Equal(("rateLimited", TimeSpan.FromMinutes(5)), (early.Kind, early.RetryAfter));
        Assert.Contains("too many orders", early.Message, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(6));
        await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, Stop));
        Assert.True(_authority.Asked.Count > asked);
    }

    [Fact]
    public async Task A_failed_order_is_logged_whatever_failed()
    {
        await IssueAsync();
        _time.Advance(DateTimeOffset.UtcNow.AddDays(80) - _time.GetUtcNow());
        _authority.Answer = (_, _) => throw new InvalidOperationException("the account is out of order");
        using var issuer = NewIssuer(_time);

        Assert.NotNull(await issuer.GetAsync(Domain, TimeSpan.Zero, Stop));

        await Wait.UntilAsync("the failure is logged", () => _log.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("the account is out of order", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, 300)]
    [InlineData(HttpStatusCode.InternalServerError, null)]
    public async Task A_proof_that_the_coordination_server_does_not_publish_fails_the_order_and_not_the_next(HttpStatusCode status, int? retryAfter)
    {
        await using var authority = await AcmeServer.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var refused = 0;
        using var issuer = new CertificateIssuer(
            new StateCertificateStore(_store),
            http,
            authority.Directory,
            (name, value, _) =>
            {
                if (Interlocked.Increment(ref refused) == 1)
                {
                    throw new ControlServerException("/machine/set-dns", status, "not now", retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
                }

                authority.TextRecords[name] = value;
                return Task.CompletedTask;
            },
            namesReplaced: true,
            _time,
            _log);

        var failure = await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, Stop));

        Assert.Contains("/machine/set-dns", failure.Message, StringComparison.Ordinal);
        Assert.Equal((retryAfter, true), ((int?)failure.RetryAfter?.TotalSeconds, failure.IsTransient));
        Assert.True((await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, Stop))).IsTransient);
        _time.Advance(TimeSpan.FromSeconds((retryAfter ?? 60) + 1));
        Assert.NotNull(await issuer.GetAsync(Domain, TimeSpan.Zero, Stop));
    }

    private static async Task<HttpResponseMessage> Text(HttpRequestMessage request, string? answer)
    {
        if (answer is null)
        {
            await new TaskCompletionSource().Task.WaitAsync(Stop);
        }

        return new HttpResponseMessage { Content = new StringContent(request.RequestUri!.AbsolutePath == "/dir" ? DirectoryText : answer!) };
    }

    private async Task IssueAsync()
    {
        await using var authority = await AcmeServer.StartAsync();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var issuer = new CertificateIssuer(
            new StateCertificateStore(_store),
            http,
            authority.Directory,
            (name, value, _) =>
            {
                authority.TextRecords[name] = value;
                return Task.CompletedTask;
            },
            namesReplaced: true,
            TimeProvider.System,
            NullLogger.Instance);
        await issuer.GetAsync(Domain, TimeSpan.Zero, Stop);
    }

    private CertificateIssuer NewIssuer(TimeProvider time) =>
        new(new StateCertificateStore(_store), new HttpMessageInvoker(_authority), new Uri("http://ca/dir"), (_, _, _) => Task.CompletedTask, namesReplaced: true, time, _log);

    private sealed class Authority : HttpMessageHandler
    {
        public ConcurrentQueue<Uri> Asked { get; } = new();

        public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = (_, _) => Task.FromResult(new HttpResponseMessage());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(request.RequestUri!);
            return Answer(request, cancellationToken).WaitAsync(cancellationToken);
        }
    }

    private sealed class RecordingLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)}");
    }
}
