using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Tests.Control.Transport;

/// <summary>A server of the control protocol's outer and inner HTTP, on a plain and a TLS port, with nothing behind it but what a test adds.</summary>
internal sealed class NoiseServer : IAsyncDisposable
{
    private readonly WebApplication _outer;
    private readonly WebApplication _inner;
    private readonly ChannelListener _listener = new();
    private int _channels;

    private NoiseServer(RequestDelegate handler)
    {
        Certificate = CreateCertificate();
        var outer = WebApplication.CreateSlimBuilder();
        outer.Logging.ClearProviders();
        outer.WebHost.UseKestrelHttpsConfiguration();
        outer.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(Certificate);
            });
        });
        _outer = outer.Build();
        _outer.MapGet("/key", context => context.Response.Body.WriteAsync(KeyReply ?? ControlJson.Serialize(new ControlKeys { PublicKey = Key.PublicKey }), context.RequestAborted).AsTask());
        _outer.MapPost("/ts2021", UpgradeAsync);
        var inner = WebApplication.CreateSlimBuilder();
        inner.Logging.ClearProviders();
        inner.Services.AddSingleton<IConnectionListenerFactory>(_listener);
        inner.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 1, listen => listen.Protocols = HttpProtocols.Http2));
        _inner = inner.Build();
        _inner.Run(handler);
    }

    public X509Certificate2 Certificate { get; }

    public MachinePrivateKey Key { get; } = MachinePrivateKey.Generate();

    /// <summary>Instead of the real answer to a question for the key.</summary>
    public byte[]? KeyReply { get; set; }

    /// <summary>Instead of the upgrade.</summary>
    public int? RefuseWith { get; set; }

    public EarlyNoise? EarlyPayload { get; set; }

    public int HttpPort { get; private set; }

    public int HttpsPort { get; private set; }

    /// <summary>How many channels were opened.</summary>
    public int Channels => _channels;

    /// <summary>To see the machine key and version of the last channel.</summary>
    public NoiseStream? LastChannel { get; private set; }

    /// <summary>Cuts the connection that carries the last channel.</summary>
    public Action Cut { get; private set; } = () => { };

    public static async Task<NoiseServer> StartAsync(RequestDelegate handler, CancellationToken cancellationToken)
    {
        var server = new NoiseServer(handler);
        await server._inner.StartAsync(cancellationToken);
        await server._outer.StartAsync(cancellationToken);
        var addresses = server._outer.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a)).ToList();
        server.HttpPort = addresses.Single(a => a.Scheme == "http").Port;
        server.HttpsPort = addresses.Single(a => a.Scheme == "https").Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _outer.StopAsync(now.Token);
        await _inner.StopAsync(now.Token);
        await _outer.DisposeAsync();
        await _inner.DisposeAsync();
        Certificate.Dispose();
        Key.Dispose();
    }

    private async Task UpgradeAsync(HttpContext context)
    {
        if (RefuseWith is { } status)
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("not today");
            return;
        }

        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        Assert.True(upgrade.IsUpgradableRequest);
        Assert.Equal(NoiseProtocol.UpgradeName, context.Request.Headers.Upgrade);
        var initiation = Convert.FromBase64String(context.Request.Headers[NoiseProtocol.HandshakeHeader].ToString());
        context.Response.Headers.Upgrade = NoiseProtocol.UpgradeName;
        var stream = await upgrade.UpgradeAsync();
        try
        {
            await using var channel = await NoiseStream.AcceptAsync(stream, initiation, Key, context.RequestAborted);
            Interlocked.Increment(ref _channels);
            LastChannel = channel;
            var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Cut = () => cut.TrySetResult();
            if (EarlyPayload is { } payload) await Protocol.Noise.EarlyPayload.WriteAsync(channel, payload, context.RequestAborted);
            await Task.WhenAny(_listener.ServeAsync(channel), cut.Task);
            context.Abort();
        }
        catch (NoiseHandshakeException)
        {
            // The client was told.
        }
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=control.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("control.test");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
