using Fairlead.Tailnet.Control.Description;
using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Timing;

namespace Fairlead.Tailnet.Tests.Control.Harness;

/// <summary>A session with a server of its own for each test.</summary>
public abstract class ControlTest : IAsyncLifetime
{
    protected const string SelfJson = """{"Node":{"ID":1,"Name":"a.example.ts.net.","MachineAuthorized":true}}""";

    private readonly List<IAsyncDisposable> _disposables = [];

    internal ScriptedControlServer Server { get; private set; } = null!;

    internal PlainConnection Connection { get; private set; } = null!;

    internal List<NodePrivateKey> PendingKeys { get; } = [];

    internal List<NodePrivateKey> NewKeys { get; } = [];

    protected NodePrivateKey FirstKey { get; } = NodePrivateKey.Generate();

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Server = await ScriptedControlServer.StartAsync();
        Connection = new PlainConnection(Server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in _disposables) await disposable.DisposeAsync();
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal ControlSessionOptions Options() => new()
    {
        Connection = Connection,
        NodeKey = FirstKey,
        NodeKeyPending = (key, _) =>
        {
            PendingKeys.Add(key);
            return ValueTask.CompletedTask;
        },
        NodeKeyChanged = (key, _) =>
        {
            NewKeys.Add(key);
            return ValueTask.CompletedTask;
        },
        Description = new NodeDescription { Hostinfo = new Hostinfo { BackendLogID = "log", OS = "linux", Hostname = "a" }, DiscoKey = default },
        AuthKey = "tskey-auth-x",
        Compression = MapCompression.None,
        Random = new Random(1),
    };

    internal ControlSession Start(Func<ControlSessionOptions, ControlSessionOptions>? vary = null)
    {
        var session = ControlSession.Start(vary?.Invoke(Options()) ?? Options());
        _disposables.Add(session);
        return session;
    }

    internal async Task<(ControlSession Session, ServedMapStream Stream)> ConnectAsync(Func<ControlSessionOptions, ControlSessionOptions>? vary = null)
    {
        var session = Start(vary);
        var stream = await Server.NextStreamAsync();
        await stream.SendAsync(SelfJson);
        await Eventually.IsTrueAsync("connected", () => session.Status.IsConnected);
        return (session, stream);
    }
}
