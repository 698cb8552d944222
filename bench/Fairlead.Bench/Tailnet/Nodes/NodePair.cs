using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>Two nodes of an embedded tailnet, all in this process, with a TCP connection from one to the other.</summary>
internal sealed class NodePair : IAsyncDisposable
{
    private const int Port = 7;

    private static readonly TimeSpan DirectPathLimit = TimeSpan.FromSeconds(15);

    private readonly EmbeddedTailnet _tailnet;
    private readonly TailnetNode[] _nodes;

    private NodePair(EmbeddedTailnet tailnet, TailnetNode[] nodes, Stream client, TcpConnection server)
    {
        _tailnet = tailnet;
        _nodes = nodes;
        Client = client;
        Server = server;
    }

    public Stream Client { get; }

    public TcpConnection Server { get; }

    /// <param name="relayed">Through the relay, and never past it.</param>
    public static async Task<NodePair> ConnectAsync(bool relayed, CancellationToken cancellationToken)
    {
        var tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions { Relay = new RelayServerOptions { InsecureForTests = true } }, cancellationToken).ConfigureAwait(false);
        var key = tailnet.Keys.Create([], reusable: true).Secret!;
        var nodes = await Task.WhenAll(((string[])["near", "far"]).Select(name => TailnetNode.StartAsync(
            new TailnetNodeOptions { ControlUrl = tailnet.BaseAddress, AuthKey = key, Hostname = name, RelayOnly = relayed }, cancellationToken))).ConfigureAwait(false);
        using var listener = nodes[1].ListenTcp(Port);
        var client = await nodes[0].DialAsync("far", Port, cancellationToken).ConfigureAwait(false);
        var server = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
        var pair = new NodePair(tailnet, nodes, client, server);
        if (!relayed)
        {
            await pair.AwaitDirectPathAsync(cancellationToken).ConfigureAwait(false);
        }

        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().ConfigureAwait(false);
        await Server.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _tailnet.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Something has to be sent for a path to be looked for.</summary>
    private async Task AwaitDirectPathAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DirectPathLimit);
        var one = new byte[1];
        while (_nodes.Any(node => node.Status.Peers is not [{ CurrentAddress.Length: > 0 }]))
        {
            await Client.WriteAsync(one, limit.Token).ConfigureAwait(false);
            await Server.ReadExactlyAsync(one, limit.Token).ConfigureAwait(false);
            await Server.WriteAsync(one, limit.Token).ConfigureAwait(false);
            await Client.ReadExactlyAsync(one, limit.Token).ConfigureAwait(false);
        }
    }
}
