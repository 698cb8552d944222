using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Soak;

/// <summary>A node that leaves and returns with the same identity, and serves <see cref="SoakExchange"/> while it is there.</summary>
internal sealed class SoakSite(TailnetNodeOptions options, Action<Exception> failed) : IAsyncDisposable
{
    private volatile Presence? _presence;

    public string Name => options.Hostname;

    /// <summary>Null while the node is away.</summary>
    public Presence? Present => _presence;

    public async Task ArriveAsync(bool relayOnly, CancellationToken stop) =>
        Begin(await TailnetNode.StartAsync(options with { RelayOnly = relayOnly }, stop));

    public async Task LeaveAsync()
    {
        if (await EndAsync() is { } node)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>Does something to the node that ends its connections.</summary>
    public async Task InterruptAsync(Func<TailnetNode, Task> change)
    {
        var node = await EndAsync();
        await change(node!);
        Begin(node!);
    }

    public ValueTask DisposeAsync() => new(LeaveAsync());

    private void Begin(TailnetNode node)
    {
        var presence = new Presence(node);
        presence.Serving = SoakExchange.ServeAsync(node, failed, presence.Leaves);
        _presence = presence;
    }

    private async Task<TailnetNode?> EndAsync()
    {
        if (_presence is not { } presence)
        {
            return null;
        }

        _presence = null;
        await presence.DisposeAsync();
        return presence.Node;
    }

    /// <summary>From an arrival to the next leaving.</summary>
    internal sealed class Presence : IAsyncDisposable
    {
        private readonly CancellationTokenSource _leaving = new();

        public Presence(TailnetNode node)
        {
            Node = node;
            Leaves = _leaving.Token;
        }

        /// <summary>Not disposed of here.</summary>
        public TailnetNode Node { get; }

        /// <summary>Cancelled before the node goes: what fails afterwards has a reason.</summary>
        public CancellationToken Leaves { get; }

        public Task Serving { get; set; } = Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            await _leaving.CancelAsync();
            await Serving;
            _leaving.Dispose();
        }
    }
}
