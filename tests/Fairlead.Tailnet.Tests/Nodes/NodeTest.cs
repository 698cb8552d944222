using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>A tailnet of its own for each test, with a relay, and nodes that go with it.</summary>
public abstract class NodeTest : IAsyncLifetime
{
    private readonly List<TailnetNode> _nodes = [];
    private string _authKey = "";

    protected EmbeddedTailnet Tailnet { get; private set; } = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual EmbeddedTailnetOptions TailnetOptions => new()
    {
        Coordination = new CoordinationOptions { DeltaWindow = TimeSpan.Zero, OfflineGrace = TimeSpan.FromMilliseconds(200), EphemeralGrace = TimeSpan.FromMilliseconds(500) },
        Relay = new RelayServerOptions { InsecureForTests = true },
    };

    public async ValueTask InitializeAsync()
    {
        Tailnet = await EmbeddedTailnet.StartAsync(TailnetOptions, Stop);
        _authKey = NewAuthKey();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        await Tailnet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected string NewAuthKey(params string[] tags) => Tailnet.Keys.Create(tags, reusable: true).Secret!;

    protected TailnetNodeOptions Options(string hostname) => new()
    {
        ControlUrl = Tailnet.BaseAddress,
        AuthKey = _authKey,
        Hostname = hostname,
        LoggerFactory = TestLog.Factory,
    };

    protected Task<TailnetNode> JoinAsync(string hostname, Func<TailnetNodeOptions, TailnetNodeOptions>? configure = null) =>
        JoinAsync((configure ?? (options => options))(Options(hostname)));

    protected async Task<TailnetNode> JoinAsync(TailnetNodeOptions options)
    {
        var node = await TailnetNode.StartAsync(options, Stop);
        lock (_nodes)
        {
            _nodes.Add(node);
        }

        return node;
    }

    protected TailnetDevice Device(string hostname) => Tailnet.Devices.Snapshot().Single(device => device.Hostname == hostname);
}
