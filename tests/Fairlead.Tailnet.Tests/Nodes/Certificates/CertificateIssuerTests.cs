using System.Security.Cryptography.X509Certificates;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Tests.Nodes.Certificates;

public sealed class CertificateIssuerTests : IAsyncLifetime
{
    private const string Domain = "web.tail.example.ts.net";

    private readonly MemoryNodeStateStore _store = new();
    private AcmeServer _authority = null!;
    private CertificateIssuer _issuer = null!;
    private int _published;

    public async ValueTask InitializeAsync()
    {
        _authority = await AcmeServer.StartAsync();
        _issuer = NewIssuer();
    }

    public async ValueTask DisposeAsync()
    {
        _issuer.Dispose();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_is_issued_for_a_proven_name_and_kept()
    {
        var certificate = await GetAsync();

        using var parsed = X509Certificate2.CreateFromPem(certificate.ChainPem, certificate.KeyPem);
        Assert.True(parsed.MatchesHostname(Domain));
        Assert.True(parsed.HasPrivateKey);
        Assert.Same(certificate, await GetAsync());
        using var restarted = NewIssuer();
        Assert.Equal(certificate.ChainPem, (await restarted.GetAsync(Domain, TimeSpan.Zero, TestContext.Current.CancellationToken)).ChainPem);
        Assert.Single(_authority.NewOrders);
        Assert.Equal(1, _published);
        Assert.NotNull(certificate.ToTlsContext());
    }

    [Fact]
    public async Task A_refused_nonce_is_tried_again_and_the_account_is_made_once()
    {
        _authority.RefuseNonces = 2;

        await GetAsync();
        await _issuer.GetAsync("other.tail.example.ts.net", TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(2, _authority.NewOrders.Count);
    }

    [Fact]
    public async Task A_certificate_that_will_not_last_as_long_as_asked_is_replaced_at_once_and_the_order_names_it()
    {
        var first = await GetAsync();

        var second = await _issuer.GetAsync(Domain, TimeSpan.FromDays(100), TestContext.Current.CancellationToken);

        Assert.NotEqual(first.ChainPem, second.ChainPem);
        using var parsed = X509Certificate2.CreateFromPem(first.ChainPem);
        Assert.Null(_authority.NewOrders.First()["replaces"]);
        Assert.Equal(AcmeClient.RenewalId(parsed), _authority.NewOrders.Last()["replaces"]?.ToString());
    }

    [Fact]
    public async Task After_two_thirds_of_its_life_a_certificate_is_renewed_while_it_is_still_given_out()
    {
        _authority.CertificateAge = TimeSpan.FromDays(61);
        var first = await GetAsync();
        _authority.CertificateAge = default;

        Assert.Same(first, await GetAsync());

        await Wait.UntilAsync("the certificate is a new one", async () => (await GetAsync()).ChainPem != first.ChainPem);
        Assert.Equal(2, _authority.NewOrders.Count);
    }

    [Fact]
    public async Task The_authoritys_renewal_window_comes_before_the_rule_of_two_thirds()
    {
        _authority.RenewalWindow = (DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1));
        var first = await GetAsync();

        await Wait.UntilAsync("the certificate is a new one", async () => (await GetAsync()).ChainPem != first.ChainPem);
    }

    [Fact]
    public async Task A_failed_proof_says_why()
    {
        using var issuer = new CertificateIssuer(
            new StateCertificateStore(_store),
            new HttpMessageInvoker(new SocketsHttpHandler()),
            _authority.Directory,
            (_, _, _) => Task.CompletedTask,
            namesReplaced: true,
            TimeProvider.System,
            NullLogger.Instance);

        var refused = await Assert.ThrowsAsync<AcmeException>(() => issuer.GetAsync(Domain, TimeSpan.Zero, TestContext.Current.CancellationToken));

        Assert.Contains(Domain, refused.Message, StringComparison.Ordinal);
        Assert.Contains("the record is not there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_says_when_to_come_back()
    {
        _authority.RateLimited = true;

        var refused = await Assert.ThrowsAsync<AcmeException>(GetAsync);

        Assert.Equal(("rateLimited", TimeSpan.FromSeconds(120)), (refused.Kind, refused.RetryAfter));
    }

    private Task<NodeCertificate> GetAsync() => _issuer.GetAsync(Domain, TimeSpan.Zero, TestContext.Current.CancellationToken);

    private CertificateIssuer NewIssuer() => new(
        new StateCertificateStore(_store),
        new HttpMessageInvoker(new SocketsHttpHandler()),
        _authority.Directory,
        (name, value, _) =>
        {
            _authority.TextRecords[name] = value;
            _published++;
            return Task.CompletedTask;
        },
        namesReplaced: true,
        TimeProvider.System,
        NullLogger.Instance);
}
