using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Proxy.Tests.Managed;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.Tests.Serving;

/// <summary>A device that serves what a mounted file says, and a laptop that asks it.</summary>
public abstract class ServingTest : ManagedProxyTest
{
    /// <summary>The device's whole name.</summary>
    protected const string Domain = "app.embedded.ts.net";

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("serving-");

    private string ConfigPath => Path.Combine(Folder.FullName, "serve-config");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Mounts a serve configuration, in one step as a kubelet does.</summary>
    protected void Serve(string json)
    {
        File.WriteAllText($"{ConfigPath}.new", json);
        File.Move($"{ConfigPath}.new", ConfigPath, overwrite: true);
    }

    protected Task<TailnetNode> StartAsync(params (string Name, string Value)[] variables) => StartAsync(new Proxy.Hosting.ProxyProcessOptions(), variables);

    /// <summary>Runs the device <c>app</c>; the laptop that is returned knows it.</summary>
    protected async Task<TailnetNode> StartAsync(Proxy.Hosting.ProxyProcessOptions options, params (string Name, string Value)[] variables)
    {
        var laptop = await JoinAsync("laptop");
        await StartProxyAsync("app", options, [("TS_SERVE_CONFIG", ConfigPath), ("TS_STATE_DIR", Folder.FullName), .. variables]);
        await SeesAsync(laptop, "app");
        return laptop;
    }

    /// <summary>Sends one request under any host name, and returns the whole answer, head and body.</summary>
    internal static async Task<string> AskAsync(Stream connection, string host, string path = "/", string method = "GET")
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), Stop);
        using var reader = new StreamReader(connection, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(Stop);
    }

    protected static async Task<SslStream> SecureAsync(Stream connection)
    {
        var secure = new SslStream(connection);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Domain,
#pragma warning disable CA5359 // The test made the certificate.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            Stop);
        return secure;
    }

    /// <summary>The device finds it in its state, as if an authority had issued it.</summary>
    protected async Task WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Domain}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        using var state = new FileNodeStateStore(Path.Combine(Folder.FullName, "tailscaled.state"));
        await state.WriteAsync(NodeStateKeys.CertificateChain(Domain), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()), Stop);
        await state.WriteAsync(NodeStateKeys.CertificateKey(Domain), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()), Stop);
    }
}
