using Fairlead.Kubernetes.Observability;

namespace Fairlead.Kubernetes.Queueing;

/// <summary>
/// Keys waiting to be worked on. A key is never handed out twice at the same time, is queued at most once, runs once
/// more when added while running, can be delayed (the earliest time wins) and backs off exponentially when it fails.
/// </summary>
/// <remarks>
/// Ageing: a key's effective priority is its priority plus its waiting time divided by
/// <see cref="WorkQueueOptions.AgeingStep"/>. As all keys age at the same pace, their order never changes while they
/// wait, and a heap ordered by "time it became due − priority × step" serves it in O(log n).
/// Safe for any number of producers and workers.
/// </remarks>
public sealed partial class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // A server may ask for hours; what happens to the key meanwhile, its deletion for one, must not wait that long.
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, WorkEntry<TKey>> _entries = [];
    private readonly IndexedHeap<WorkEntry<TKey>> _ready;
    private readonly IndexedHeap<WorkEntry<TKey>> _delayed;
    private readonly SemaphoreSlim _available = new(0);
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly double _timestampsPerPriority;
    private readonly TimeSpan _shortestRetry;
    private readonly ITimer _timer;
    private readonly QueueMetrics? _metrics;
    private long _timerDueAt = long.MaxValue;
    private long _sequence;
    private int _running;
    private bool _shuttingDown;

    /// <param name="name">Name in metrics; usually the controller's.</param>
    public WorkQueue(
        string name,
        WorkQueueOptions? options = null,
        TimeProvider? time = null,
        Random? random = null,
        RuntimeMetrics? metrics = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= WorkQueueOptions.Default;
        Name = name;
        _time = time ?? TimeProvider.System;
        _random = random ?? Random.Shared;
        _backoff = new Backoff(options.BaseDelay, options.MaxDelay, options.Jitter);
        _shortestRetry = options.ShortestRetry;
        _timestampsPerPriority = options.AgeingStep.TotalSeconds * _time.TimestampFrequency;
        _ready = new IndexedHeap<WorkEntry<TKey>>(
            static (a, b) => a.Rank != b.Rank ? a.Rank < b.Rank : a.Sequence < b.Sequence,
            static (entry, index) => entry.ReadyIndex = index);
        _delayed = new IndexedHeap<WorkEntry<TKey>>(
            static (a, b) => a.DueAt < b.DueAt,
            static (entry, index) => entry.DelayedIndex = index);
        _timer = _time.CreateTimer(static queue => ((WorkQueue<TKey>)queue!).ReleaseDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _metrics = metrics?.Queue(name, () => Depth, () => RunningCount);
    }

    public string Name { get; }

    /// <summary>Keys that are due and wait for a worker.</summary>
    public int Depth
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Keys that wait for their time.</summary>
    public int DelayedCount
    {
        get
        {
            lock (_gate)
            {
                return _delayed.Count;
            }
        }
    }

    /// <summary>Keys being worked on.</summary>
    public int RunningCount
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    /// <summary>How long the longest current run has been going on; zero when nothing runs.</summary>
    public TimeSpan LongestRun
    {
        get
        {
            lock (_gate)
            {
                var now = _time.GetTimestamp();
                var longest = TimeSpan.Zero;
                if (_running > 0)
                {
                    foreach (var entry in _entries.Values)
                    {
                        if (entry.Running && _time.GetElapsedTime(entry.StartedAt, now) is var ran && ran > longest)
                        {
                            longest = ran;
                        }
                    }
                }

                return longest;
            }
        }
    }

    /// <summary>Makes the key due now. Does nothing once the queue shuts down.</summary>
    public void Add(TKey key, int priority = WorkPriority.Normal)
    {
        lock (_gate)
        {
            if (!_shuttingDown)
            {
                MakeDue(Entry(key), priority);
            }
        }
    }

    /// <summary>Makes the key due after the delay, unless it is due earlier anyway.</summary>
    public void AddAfter(TKey key, TimeSpan delay, int priority = WorkPriority.Normal)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key, priority);
            return;
        }

        lock (_gate)
        {
            if (!_shuttingDown)
            {
                Delay(Entry(key), delay, priority);
            }
        }
    }

    /// <summary>Counts a failure of the key and makes it due after its back-off.</summary>
    /// <param name="atLeast">Shortest delay, for example what a server asked for with <c>Retry-After</c>.</param>
    /// <returns>The delay.</returns>
    public TimeSpan Retry(TKey key, TimeSpan? atLeast = null, int priority = WorkPriority.Normal)
    {
        lock (_gate)
        {
            var entry = Entry(key);
            var delay = _backoff.Next(entry.Failures++, _random);
            if (atLeast > delay)
            {
                delay = atLeast.Value;
            }

            _metrics?.Retried();
            if (!_shuttingDown)
            {
                Hold(entry, delay, atLeast);
                Delay(entry, delay, priority);
            }

            return delay;
        }
    }

    /// <summary>The key succeeded: its next failure starts at the base delay again.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                entry.Failures = 0;
                RemoveIfIdle(entry);
            }
        }
    }

    /// <summary>Failures of the key since it last succeeded.</summary>
    public int Failures(TKey key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.Failures : 0;
        }
    }

    /// <summary>Waits for the key that is to run next. Null: the queue shut down and the worker should end.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask<WorkItem<TKey>?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await WaitForWorkAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            lock (_gate)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    // Cancelled in the moment a key became due: it stays for another worker.
                    _available.Release();
                }
                else if (_ready.Count > 0)
                {
                    return Start(_ready.Pop());
                }
            }
        }
    }

    /// <summary>Ends the run of a key that was taken.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry) || !entry.Running)
            {
                throw new InvalidOperationException($"{key} was marked as done in queue {Name} without being taken.");
            }

            entry.Running = false;
            _running--;
            _metrics?.Finished(_time.GetElapsedTime(entry.StartedAt));
            if (entry.Again)
            {
                entry.Again = false;
                MakeDue(entry, entry.Priority);
            }

            RemoveIfIdle(entry);
            CompleteDrain();
        }
    }

    /// <summary>Hands out no more keys, forgets those that wait and accepts no new ones. Runs under way may end.</summary>
    public void ShutDown()
    {
        lock (_gate)
        {
            _shuttingDown = true;
            _delayed.Clear();
            _ready.Clear();
            foreach (var entry in _entries.Values)
            {
                entry.Again = false;
            }

            EndTaking();
            CompleteDrain();
        }
    }

    /// <summary>
    /// Accepts no new keys, drops delayed ones, and completes when those that are due have been worked on; then workers
    /// are sent home.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _shuttingDown = true;
            _delayed.Clear();
            CompleteDrain();
        }

        await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        ShutDown();
        _timer.Dispose();
        _metrics?.Dispose();
    }

    private async ValueTask<bool> WaitForWorkAsync(CancellationToken cancellationToken)
    {
        if (_closed.IsCancellationRequested)
        {
            return false;
        }

        if (_available.Wait(0, CancellationToken.None))
        {
            return true;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            await _available.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private WorkItem<TKey> Start(WorkEntry<TKey> entry)
    {
        var now = _time.GetTimestamp();
        var waited = _time.GetElapsedTime(entry.ReadySince, now);
        entry.Running = true;
        entry.StartedAt = now;
        _running++;
        _metrics?.Started(waited);
        return new WorkItem<TKey>(entry.Key, entry.Priority, waited);
    }

    private void RemoveIfIdle(WorkEntry<TKey> entry)
    {
        if (entry.Idle)
        {
            _entries.Remove(entry.Key);
        }
    }

    private void CompleteDrain()
    {
        if (_shuttingDown && _running == 0 && _ready.Count == 0)
        {
            EndTaking();
            _drained.TrySetResult();
        }
    }

    // Asynchronously: callbacks of a synchronous cancellation would resume workers inside the lock.
    private void EndTaking() => _ = _closed.CancelAsync();
}
