using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Proxy.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>A tailnet, and proxies on it that run as a Pod's process would, by their environment.</summary>
public abstract class ManagedProxyTest : IAsyncLifetime
{
    private readonly List<RunningProxy> _proxies = [];
    private readonly List<TailnetNode> _nodes = [];

    protected EmbeddedTailnet Tailnet { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual EmbeddedTailnetOptions TailnetOptions => new()
    {
        Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.Zero },
        Relay = new RelayServerOptions { InsecureForTests = true },
    };

    public virtual async ValueTask InitializeAsync() => Tailnet = await EmbeddedTailnet.StartAsync(TailnetOptions, Stop);

    public virtual async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_proxies.Select(proxy => proxy.DisposeAsync().AsTask()));
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await Tailnet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected string NewAuthKey(params string[] tags) => Tailnet.Keys.Create(tags, reusable: true).Secret!;

    /// <summary>Runs a proxy until the test ends, and returns when traffic takes its ways; a failure of it fails the test.</summary>
    protected Task<RunningProxy> StartProxyAsync(string hostname, params (string Name, string Value)[] variables) =>
        StartProxyAsync(hostname, new ProxyProcessOptions(), variables);

    protected async Task<RunningProxy> StartProxyAsync(string hostname, ProxyProcessOptions options, params (string Name, string Value)[] variables)
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

        var proxy = RunningProxy.Start(environment, options);
        _proxies.Add(proxy);
        await proxy.StartedAsync(Stop);
        return proxy;
    }

    protected async Task<TailnetNode> JoinAsync(string hostname)
    {
        var node = await TailnetNode.StartAsync(
            new TailnetNodeOptions { ControlUrl = Tailnet.BaseAddress, AuthKey = NewAuthKey(), Hostname = hostname }, Stop);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Connects to a device once the node knows of it.</summary>
    protected static async Task<Stream> DialAsync(TailnetNode node, string host, int port)
    {
        await SeesAsync(node, host);
        return await node.DialAsync(host, port, Stop);
    }

    /// <summary>Until the node knows a peer by this name.</summary>
    protected static async Task SeesAsync(TailnetNode node, string host)
    {
        await foreach (var status in node.WatchStatusAsync(Stop))
        {
            if (status.Peers.Any(peer => peer.HostName == host))
            {
                return;
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
