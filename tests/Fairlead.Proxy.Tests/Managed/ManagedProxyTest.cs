using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>A tailnet, and proxies on it that run as a Pod's process would, by their environment.</summary>
public abstract class ManagedProxyTest : IAsyncLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _proxies = [];
    private readonly List<TailnetNode> _nodes = [];

    protected EmbeddedTailnet Tailnet { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() =>
        Tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions
            {
                Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.Zero },
                Relay = new RelayServerOptions { InsecureForTests = true },
            },
            Stop);

    public virtual async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_proxies);
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await Tailnet.DisposeAsync();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string NewAuthKey(params string[] tags) => Tailnet.Keys.Create(tags, reusable: true).Secret!;

    /// <summary>Runs a proxy until the test ends; a failure of it fails the test.</summary>
    protected Task StartProxy(string hostname, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FAIRLEAD_PROXY_ENGINE"] = "managed",
            ["TS_AUTHKEY"] = NewAuthKey(),
            ["TS_HOSTNAME"] = hostname,
            ["TS_EXTRA_ARGS"] = $"--login-server={Tailnet.BaseAddress}",
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var proxy = new ProxyProcess(ProxyConfigurationReader.Read(environment, hasDaemon: false), new ProxyProcessOptions());
        var running = proxy.RunAsync(_stopping.Token);
        _proxies.Add(running);
        return running;
    }

    protected async Task<TailnetNode> JoinAsync(string hostname)
    {
        var node = await TailnetNode.StartAsync(
            new TailnetNodeOptions { ControlUrl = Tailnet.BaseAddress, AuthKey = NewAuthKey(), Hostname = hostname }, Stop);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Waits until a proxy takes connections: its name is known, and what it leads to answers.</summary>
    protected static async Task<Stream> DialAsync(TailnetNode node, string host, int port)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var status in node.WatchStatusAsync(limit.Token))
        {
            if (status.Peers.Any(peer => peer.HostName == host))
            {
                break;
            }
        }

        while (true)
        {
            try
            {
                return await node.DialAsync(host, port, limit.Token);
            }
            catch (Exception e) when (e is IOException or TailnetNodeException && !limit.IsCancellationRequested)
            {
                // The proxy is on the tailnet, and not yet at its work.
                await Task.Yield();
            }
        }
    }

    protected static async Task<string> ExchangeAsync(Stream stream, string text)
    {
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), Stop);
        var buffer = new byte[256];
        var length = await stream.ReadAsync(buffer, Stop);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
    }

    /// <summary>A server of the cluster that answers each piece of text with its own name before it.</summary>
    protected static int StartEcho(IPAddress address, string name, int port = 0)
    {
        var listener = new TcpListener(address, port);
        listener.Start();
        _ = ServeAsync();
        return ((IPEndPoint)listener.LocalEndpoint).Port;

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    _ = AnswerAsync(await listener.AcceptTcpClientAsync(Stop));
                }
            }
            catch (OperationCanceledException)
            {
                listener.Dispose();
            }
        }

        async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                var stream = client.GetStream();
                var buffer = new byte[256];
                while (await stream.ReadAsync(buffer, Stop) is > 0 and var length)
                {
                    await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{name}: {System.Text.Encoding.ASCII.GetString(buffer, 0, length)}"), Stop);
                }
            }
        }
    }
}
