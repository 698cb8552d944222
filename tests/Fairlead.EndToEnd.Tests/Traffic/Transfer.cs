namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Bytes that go to an app and come back, block after block without a pause, each as it was sent.</summary>
public sealed class Transfer : IAsyncDisposable
{
    private const int BlockSize = 16 * 1024;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Stream _stream;
    private readonly Task _running;
    private long _blocks;
    private volatile Milestone? _next;

    /// <param name="stream">Closed with the transfer.</param>
    public Transfer(Stream stream)
    {
        _stream = stream;
        _running = RunAsync();
    }

    /// <summary>Waits until so many more blocks have made the way; fails if the transfer ends before.</summary>
    public async Task GoesOnAsync(int blocks = 200)
    {
        using var limit = TrafficEnvironment.NewLimit();
        var milestone = new Milestone(Volatile.Read(ref _blocks) + blocks);
        _next = milestone;
        await await Task.WhenAny(milestone.Reached.Task, _running).WaitAsync(limit.Token);
        Assert.True(milestone.Reached.Task.IsCompleted, "The transfer was stopped.");
    }

    /// <summary>Waits until the other side, or the way there, has ended it.</summary>
    public async Task IsEndedAsync()
    {
        using var limit = TrafficEnvironment.NewLimit();
        await Assert.ThrowsAnyAsync<IOException>(() => _running.WaitAsync(limit.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stream.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var sent = new byte[BlockSize];
        var received = new byte[BlockSize];
        while (true)
        {
            new Random((int)_blocks).NextBytes(sent);
            await _stream.WriteAsync(sent, _stopping.Token);
            await _stream.ReadExactlyAsync(received, _stopping.Token);
            Assert.True(sent.AsSpan().SequenceEqual(received), $"Block {_blocks} came back changed.");
            if (Interlocked.Increment(ref _blocks) >= _next?.Block)
            {
                _next.Reached.TrySetResult();
            }
        }
    }

    private sealed record Milestone(long Block)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
