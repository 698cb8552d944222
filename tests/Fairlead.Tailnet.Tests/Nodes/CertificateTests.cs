using System.Net.Security;
using Fairlead.Tailnet.Nodes;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class CertificateTests : NodeTest
{
    [Fact]
    public async Task A_node_serves_TLS_under_its_name_with_a_certificate_proven_over_the_control_servers_DNS()
    {
        await using var authority = await AcmeServer.StartAsync(name => Tailnet.Coordination.Records.Snapshot().Where(record => record.Name.TrimEnd('.') == name).Select(record => record.Value));
        var web = await JoinAsync("web", options => options with { CertificateAuthority = authority.Directory });
        var laptop = await JoinAsync("laptop");

        var certificate = await web.GetCertificateAsync(cancellationToken: Stop);
        using var listener = web.ListenTcp(443);
        var serving = ServeAsync();
        await using var client = new SslStream(await laptop.DialAsync("web.embedded.ts.net", 443, Stop));
        await client.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "web.embedded.ts.net", RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 }, Stop);
        var buffer = new byte[6];
        await client.ReadExactlyAsync(buffer, Stop);

        Assert.Equal("secure"u8, buffer);
        await serving;
        var refused = await Assert.ThrowsAsync<TailnetNodeException>(() => web.GetCertificateAsync("other.example", cancellationToken: Stop));
        Assert.Contains("other.example", refused.Message, StringComparison.Ordinal);

        async Task ServeAsync()
        {
            await using var server = new SslStream(await listener.AcceptAsync(Stop));
            await server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.ToTlsContext() }, Stop);
            await server.WriteAsync("secure"u8.ToArray(), Stop);
        }
    }
}
