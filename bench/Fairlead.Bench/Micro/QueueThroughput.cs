using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Bench.Micro;

/// <summary>
/// A key through the queue: added twice, taken, done, among a thousand that wait. Baseline: a channel with a set beside it
/// against duplicates; it knows no priorities, delays, back-off or runs.
/// </summary>
public class QueueThroughput
{
    private const int Waiting = 1000;

    // Static: the harness makes instances that nothing disposes of.
    private static readonly WorkQueue<ObjectKey> Queue = new("bench");
    private readonly Channel<ObjectKey> _channel = Channel.CreateUnbounded<ObjectKey>();
    private readonly HashSet<ObjectKey> _queued = [];
    private readonly Lock _gate = new();
    private readonly ObjectKey[] _keys = [.. Enumerable.Range(0, Waiting).Select(i => new ObjectKey("shop", $"shop-{i:00000}"))];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        foreach (var key in _keys)
        {
            Queue.Add(key);
            AddToChannel(key);
        }
    }

    [Benchmark(Baseline = true)]
    public async Task<ObjectKey> ChannelWithSet()
    {
        var taken = await _channel.Reader.ReadAsync().ConfigureAwait(false);
        lock (_gate)
        {
            _queued.Remove(taken);
        }

        AddToChannel(taken);
        AddToChannel(taken);
        return taken;
    }

    [Benchmark]
    public async Task<ObjectKey> WorkQueue()
    {
        var taken = (await Queue.TakeAsync(CancellationToken.None).ConfigureAwait(false))!.Value.Key;
        Queue.Done(taken);
        Queue.Forget(taken);
        Queue.Add(taken);
        Queue.Add(_keys[_next++ % Waiting]);
        return taken;
    }

    private void AddToChannel(ObjectKey key)
    {
        lock (_gate)
        {
            if (_queued.Add(key))
            {
                _channel.Writer.TryWrite(key);
            }
        }
    }
}
