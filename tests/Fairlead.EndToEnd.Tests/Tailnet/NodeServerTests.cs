using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Nodes;
using Fairlead.TailnetNodes;
using Fairlead.Testing;

namespace Fairlead.EndToEnd.Tests.Tailnet;

/// <summary><c>serve --tls</c> against an embedded tailnet and a certificate authority, whose address the verb itself does not take.</summary>
public sealed class NodeServerTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TcpListener _target = new(IPAddress.Loopback, 0);
    private EmbeddedTailnet _tailnet = null!;
    private AcmeServer _authority = null!;
    private TailnetNode _web = null!;
    private TailnetNode _laptop = null!;
    private Task _serving = Task.CompletedTask;
    private int _port;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _tailnet = await EmbeddedTailnet.StartAsync(new EmbeddedTailnetOptions { Relay = new RelayServerOptions { InsecureForTests = true } }, Stop);
        _authority = await AcmeServer.StartAsync(name => _tailnet.Coordination.Records.Snapshot().Where(record => record.Name.TrimEnd('.') == name).Select(record => record.Value));
        _web = await JoinAsync("web");
        _laptop = await JoinAsync("laptop");
        _target.Start();
        _ = EchoAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _target.Dispose();
        await _laptop.DisposeAsync();
        await _web.DisposeAsync();
        await _authority.DisposeAsync();
        await _tailnet.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task TLS_ends_here_both_directions_end_with_notice_and_a_renewed_certificate_is_used_at_once()
    {
        // Two thirds of its life are over: the first handshake begins the renewal.
        _authority.CertificateAge = TimeSpan.FromDays(61);
        await ServeAsync();
        _authority.CertificateAge = default;

        var (first, echoed) = await ExchangeAsync();

        Assert.Equal("to web"u8, echoed);
        var renewed = first;
        while (renewed == first)
        {
            Stop.ThrowIfCancellationRequested();
            (renewed, _) = await ExchangeAsync();
        }
    }

    [Fact]
    public async Task Who_speaks_no_TLS_keeps_nobody_else_out()
    {
        await ServeAsync();
        await using var silent = await _laptop.DialAsync("web", _port, Stop);
        await using var rude = await _laptop.DialAsync("web", _port, Stop);
        await rude.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Stop);

        var (_, echoed) = await ExchangeAsync();

        Assert.Equal("to web"u8, echoed);
    }

    /// <returns>The certificate's serial number, and what came back until the end that was told.</returns>
    private async Task<(string Serial, byte[] Echoed)> ExchangeAsync()
    {
        await using var client = new SslStream(await _laptop.DialAsync("web", _port, Stop));
        await client.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "web.embedded.ts.net", RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 }, Stop);
        await client.WriteAsync("to web"u8.ToArray(), Stop);
        await client.ShutdownAsync();
        using var all = new MemoryStream();
        await client.CopyToAsync(all, Stop);
        using var certificate = new X509Certificate2(client.RemoteCertificate!);
        return (certificate.SerialNumber, all.ToArray());
    }

    private Task<TailnetNode> JoinAsync(string name) => TailnetNode.StartAsync(
        new TailnetNodeOptions { ControlUrl = _tailnet.BaseAddress, AuthKey = _tailnet.Keys.Create([], reusable: true).Secret!, Hostname = name, CertificateAuthority = _authority.Directory }, Stop);

    private async Task ServeAsync()
    {
        var listening = new TaskCompletionSource<int>();
        _serving = new NodeServer(_web, new ServeOptions("0", (IPEndPoint)_target.LocalEndpoint, Tls: true)).RunAsync(
            port =>
            {
                listening.SetResult(port);
                return Task.CompletedTask;
            },
            _stopping.Token);
        _port = await (await Task.WhenAny(listening.Task, _serving.ContinueWith<int>(serving => throw serving.Exception!, TaskScheduler.Default)));
    }

    /// <summary>Sends back what it got once the other end has said that it is all.</summary>
    private async Task EchoAsync()
    {
        while (true)
        {
            using var connection = await _target.AcceptSocketAsync(_stopping.Token);
            await using var stream = new NetworkStream(connection);
            using var all = new MemoryStream();
            await stream.CopyToAsync(all, _stopping.Token);
            await stream.WriteAsync(all.ToArray(), _stopping.Token);
        }
    }
}
