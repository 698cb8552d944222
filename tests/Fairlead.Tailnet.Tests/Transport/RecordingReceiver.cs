using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Transport;

/// <summary>Keeps what it receives.</summary>
internal sealed class RecordingReceiver : IDatagramReceiver
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<(byte[] Datagram, PathAddress From)> _received = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Batches { get; private set; }

    public IReadOnlyList<(byte[] Datagram, PathAddress From)> Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        lock (_gate)
        {
            _received.Add((datagram.ToArray(), from));
        }
    }

    public void EndOfBatch()
    {
        lock (_gate)
        {
            Batches++;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<IReadOnlyList<(byte[] Datagram, PathAddress From)>> WaitForAsync(int count)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_received.Count >= count)
                {
                    return [.. _received];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
    }
}
