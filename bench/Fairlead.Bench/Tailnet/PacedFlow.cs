using System.Diagnostics;

namespace Fairlead.Bench.Tailnet;

/// <summary>
/// One thread that sends as fast as the other end takes: no more is under way than a window, as TCP would have it, so that what is
/// measured is what arrives and not what is dropped.
/// </summary>
internal sealed class PacedFlow
{
    // About a megabyte of full packets.
    private const int Window = 800;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan TakenForLost = TimeSpan.FromMilliseconds(20);

    private long _arrived;
    private long _sent;
    private long _lost;

    /// <summary>The other end has got so many more.</summary>
    public void Arrived(int count) => Interlocked.Add(ref _arrived, count);

    /// <param name="send">Sends some packets and returns how many.</param>
    public Task<FlowResult> RunAsync(Func<int> send, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                Run(send, WarmUp);
                return Run(send, duration);
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private FlowResult Run(Func<int> send, TimeSpan duration)
    {
        var arrived = Interlocked.Read(ref _arrived);
        var lost = _lost;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            AwaitRoom();
            _sent += send();
        }

        var elapsed = Stopwatch.GetElapsedTime(begin);
        var count = Interlocked.Read(ref _arrived) - arrived;
        return new FlowResult(count, _lost - lost, elapsed, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    private void AwaitRoom()
    {
        var spin = default(SpinWait);
        var begin = Stopwatch.GetTimestamp();
        while (_sent - _lost - Interlocked.Read(ref _arrived) > Window)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (Stopwatch.GetElapsedTime(begin) > TakenForLost)
            {
                _lost = _sent - Interlocked.Read(ref _arrived);
            }
        }
    }
}
