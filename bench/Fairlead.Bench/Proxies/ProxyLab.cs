using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Bench.Commands;
using Fairlead.Bench.Processes;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Bench.Proxies;

/// <summary>
/// A tailnet with a client in this process, and a server and a proxy as processes of their own. The client reaches the server in three ways:
/// over the loopback device, over the tailnet at a node of the server's own, and over the tailnet through the proxy.
/// </summary>
internal sealed class ProxyLab : IAsyncDisposable
{
    public const string ProxyName = "web";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fairlead-bench-proxy-");
    private EmbeddedTailnet _tailnet = null!;
    private ProcessGroup? _backend;
    private ProcessGroup? _proxy;
    private Dictionary<string, int> _ports = [];

    private ProxyLab()
    {
    }

    public TailnetNode Client { get; private set; } = null!;

    public string BackendName => $"{BackendProcess.Hostname}.{Client.Status.MagicDnsSuffix}";

    public string ProxyFqdn => $"{ProxyName}.{Client.Status.MagicDnsSuffix}";

    /// <summary>Of the server, on the loopback device.</summary>
    public int StreamPort => _ports["stream"];

    public int HttpPort => _ports["http"];

    public int HttpsPort => _ports["https"];

    /// <summary>Processor time that the proxy has used so far.</summary>
    public TimeSpan ProxyTime => _proxy!.Sample().Cpu;

    public double ProxyResidentMebibytes => _proxy!.Sample().ResidentMebibytes;

    /// <param name="variables">Those of the proxy that say what it does.</param>
    /// <exception cref="BenchmarkException">There is no program, or a part does not come up.</exception>
    public static async Task<ProxyLab> StartAsync(Func<ProxyLab, IEnumerable<(string Name, string Value)>> variables, CancellationToken cancellationToken)
    {
        var lab = new ProxyLab();
        try
        {
            await lab.StartPartsAsync(variables, cancellationToken).ConfigureAwait(false);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Where a serve configuration goes; returns the file's path.</summary>
    public string WriteServeConfig(string json)
    {
        var path = Path.Combine(_folder.CreateSubdirectory("serve").FullName, "serve-config.json");
        File.WriteAllText(path, json);
        return path;
    }

    /// <summary>A client of HTTP over the tailnet, or over the loopback device.</summary>
    public HttpMessageInvoker NewHttp(bool tailnet)
    {
        var handler = tailnet ? Client.CreateHttpHandler() : new SocketsHttpHandler { UseProxy = false };
#pragma warning disable CA5359 // Whoever measures made the certificate.
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        return new HttpMessageInvoker(handler);
    }

    /// <summary>Until packets to a peer go straight there; something has to be sent for that.</summary>
    public async Task AwaitDirectPathAsync(string peer, Func<Task> sendAsync, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (!Client.Status.Peers.Any(known => known.HostName == peer && known.CurrentAddress.Length > 0))
        {
            await sendAsync().WaitAsync(limit.Token).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
        {
            await Client.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var process in new[] { _proxy, _backend }.OfType<ProcessGroup>())
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }

        if (_tailnet is not null)
        {
            await _tailnet.DisposeAsync().ConfigureAwait(false);
        }

        _folder.Delete(recursive: true);
    }

    private async Task StartPartsAsync(Func<ProxyLab, IEnumerable<(string Name, string Value)>> variables, CancellationToken cancellationToken)
    {
        var program = Environment.GetEnvironmentVariable("FAIRLEAD_PROGRAM") is { Length: > 0 } given && File.Exists(given)
            ? Path.GetFullPath(given)
            : throw new BenchmarkException("FAIRLEAD_PROGRAM must name the fairlead executable; ./fairlead bench builds it");
        _tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions { Relay = new RelayServerOptions { InsecureForTests = true } }, cancellationToken).ConfigureAwait(false);
        var key = _tailnet.Keys.Create([], reusable: true).Secret!;
        Client = await TailnetNode.StartAsync(new TailnetNodeOptions { ControlUrl = _tailnet.BaseAddress, AuthKey = key, Hostname = "laptop" }, cancellationToken).ConfigureAwait(false);
        var state = await WriteCertificateAsync(cancellationToken).ConfigureAwait(false);
        _backend = Start("the server", $"exec '{Environment.ProcessPath}' proxy {BackendProcess.CommandName} {_tailnet.BaseAddress}", new()
        {
            [BackendProcess.AuthKeyVariable] = key,
            [BackendProcess.CertificateVariable] = CertificatePath,
        });
        await Waiting.ForAsync("the server", _backend, Interval, Limit, () => Task.FromResult(_backend.Output.Contains("ready=", StringComparison.Ordinal)), cancellationToken).ConfigureAwait(false);
        _ports = _backend.Output.Split('\n').Select(line => line.Split('=')).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
        var environment = new Dictionary<string, string>
        {
            // As the operator sets them for Pods.
            ["FAIRLEAD_PROXY_ENGINE"] = "managed",
            ["DOTNET_TieredCompilation"] = "1",
            ["DOTNET_HillClimbing_Disable"] = "1",
            ["TS_AUTHKEY"] = key,
            ["TS_HOSTNAME"] = ProxyName,
            ["TS_STATE_DIR"] = state,
            ["TS_EXTRA_ARGS"] = $"--login-server={_tailnet.BaseAddress}",
        };
        foreach (var (name, value) in variables(this))
        {
            environment[name] = value;
        }

        _proxy = Start("the proxy", $"exec '{program}' proxy", environment);
        await Waiting.ForAsync("the proxy", _proxy, Interval, Limit, () => Task.FromResult(_proxy.Output.Contains("Startup complete", StringComparison.Ordinal)), cancellationToken).ConfigureAwait(false);
        await foreach (var status in Client.WatchStatusAsync(cancellationToken).ConfigureAwait(false))
        {
            if (status.Peers.Any(peer => peer.HostName == ProxyName))
            {
                break;
            }
        }
    }

    private string CertificatePath => Path.Combine(_folder.FullName, "server.pem");

    private ProcessGroup Start(string name, string command, Dictionary<string, string> environment)
    {
        environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "";
        environment["HOME"] = _folder.FullName;
        foreach (var inherited in (string[])["DOTNET_ROOT"])
        {
            if (Environment.GetEnvironmentVariable(inherited) is { Length: > 0 } value)
            {
                environment[inherited] = value;
            }
        }

        return ProcessGroup.Start(name, command, environment, Path.Combine(_folder.FullName, $"{name.Replace(' ', '-')}.log"));
    }

    /// <summary>One for the server; the proxy finds it in its state, as if an authority had issued it. Returns the state's folder.</summary>
    private async Task<string> WriteCertificateAsync(CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={ProxyFqdn}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ProxyFqdn);
        names.AddDnsName(BackendName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(365));
        var chain = certificate.ExportCertificatePem();
        var keyPem = key.ExportPkcs8PrivateKeyPem();
        await File.WriteAllTextAsync(CertificatePath, $"{chain}\n{keyPem}\n", cancellationToken).ConfigureAwait(false);
        var folder = _folder.CreateSubdirectory("state").FullName;
        using var state = new FileNodeStateStore(Path.Combine(folder, "tailscaled.state"));
        await state.WriteAsync(NodeStateKeys.CertificateChain(ProxyFqdn), System.Text.Encoding.ASCII.GetBytes(chain), cancellationToken).ConfigureAwait(false);
        await state.WriteAsync(NodeStateKeys.CertificateKey(ProxyFqdn), System.Text.Encoding.ASCII.GetBytes(keyPem), cancellationToken).ConfigureAwait(false);
        return folder;
    }
}
