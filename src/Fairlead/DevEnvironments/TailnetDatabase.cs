using Fairlead.SampleApps;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.DevEnvironments;

/// <summary>A node of the tailnet with nothing on it but a <see cref="SampleDatabase"/>: outside the tailnet it does not exist.</summary>
internal sealed class TailnetDatabase : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TailnetListener _listener;
    private readonly Task _serving;

    private TailnetDatabase(TailnetNode node)
    {
        Node = node;
        _listener = node.ListenTcp(SampleDatabase.Port);
        _serving = ServeAsync(new SampleDatabase());
    }

    public TailnetNode Node { get; }

    /// <param name="node">Stops with the database.</param>
    public static TailnetDatabase Start(TailnetNode node) => new(node);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _listener.Dispose();
        await Node.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ServeAsync(SampleDatabase database)
    {
        try
        {
            while (true)
            {
                _ = database.ServeAsync(await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false), _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The database stops.
        }
    }
}
