using System.Diagnostics;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Controllers;

/// <summary>
/// Workers that reconcile keys of a queue which informers fill. The queue fills from <see cref="Start"/> on, also on a
/// standby replica; only <see cref="RunAsync"/> works on it.
/// </summary>
public sealed partial class Controller : IDisposable
{
    // A reconcile that ignores its cancelled token this long past the limit is stuck, not slow.
    private static readonly TimeSpan StuckGrace = TimeSpan.FromMinutes(1);

    private readonly Func<ObjectKey, CancellationToken, ValueTask<ReconcileResult>> _reconcile;
    private readonly IControllerSource[] _sources;
    private readonly ControllerOptions _options;
    private readonly ILogger _logger;
    private readonly RuntimeMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly WorkQueue<ObjectKey> _queue;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly List<IDisposable> _registrations = [];

    internal Controller(
        string name,
        Func<ObjectKey, CancellationToken, ValueTask<ReconcileResult>> reconcile,
        IControllerSource[] sources,
        ControllerOptions options,
        ILogger logger,
        RuntimeMetrics? metrics,
        TimeProvider time,
        Random? random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        Name = name;
        _reconcile = reconcile;
        _sources = sources;
        _options = options;
        _logger = logger;
        _metrics = metrics;
        _time = time;
        _tag = new("controller", name);
        _queue = new WorkQueue<ObjectKey>(name, options.Queue, time, random, metrics);
    }

    public string Name { get; }

    public IEnumerable<ISharedInformer> Informers => _sources.Select(static source => source.Informer);

    /// <summary>Keys that are due and wait for a worker.</summary>
    public int QueueDepth => _queue.Depth;

    /// <summary>Null while healthy; otherwise why the controller no longer makes progress.</summary>
    public string? Problem =>
        _queue.LongestRun is var ran && ran > _options.ReconcileTimeout + StuckGrace
            ? $"controller {Name}: a reconcile has been running for {ran.TotalSeconds:F0} s and ignores its time limit of {_options.ReconcileTimeout.TotalSeconds:F0} s"
            : null;

    /// <summary>Makes a key due for a reason no informer reports.</summary>
    public void Enqueue(ObjectKey key, int priority = WorkPriority.Normal) => _queue.Add(key, priority);

    /// <summary>Lets the informers fill the queue.</summary>
    public void Start()
    {
        if (_registrations.Count == 0)
        {
            _registrations.AddRange(_sources.Select(source => source.Start(_queue)));
        }
    }

    /// <summary>
    /// Works on the queue once all informers have synced, until <paramref name="stopping"/>; then reconciles under way
    /// may finish within <see cref="ControllerOptions.StopTimeout"/>. Can be called again for a later term.
    /// </summary>
    /// <param name="term">The fencing token: when it is cancelled, reconciles under way are cancelled at once.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken term)
    {
        Start();
        using var taking = new CancellationTokenSource();
        using var working = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);

        // Taking ends first: a reconcile that ends because of the cancellation must not make room for another. Asynchronously,
        // because what waits for it would otherwise go on inside these callbacks and dispose of the sources they use.
        using var fence = term.Register(() =>
        {
            _ = taking.CancelAsync();
            working.Cancel();
        });
        using var limit = stopping.Register(() =>
        {
            _ = taking.CancelAsync();
            working.CancelAfter(_options.StopTimeout);
        });
        try
        {
            foreach (var source in _sources)
            {
                await source.Informer.WaitForSyncAsync(taking.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (taking.IsCancellationRequested)
        {
            return;
        }

        LogStarted(Name, _options.Workers, _queue.Depth);
        await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => Task.Run(() => WorkAsync(taking.Token, working.Token), CancellationToken.None)))
            .ConfigureAwait(false);
        LogStopped(Name);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _queue.Dispose();
    }

    private async Task WorkAsync(CancellationToken taking, CancellationToken working)
    {
        try
        {
            while (await _queue.TakeAsync(taking).ConfigureAwait(false) is { } item)
            {
                try
                {
                    await ProcessAsync(item, working).ConfigureAwait(false);
                }
                finally
                {
                    _queue.Done(item.Key);
                }
            }
        }
        catch (OperationCanceledException) when (taking.IsCancellationRequested)
        {
            // Told to stop while waiting for work.
        }
    }

    private async Task ProcessAsync(WorkItem<ObjectKey> item, CancellationToken working)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(working);
        using var timeout = new CancellationTokenSource(_options.ReconcileTimeout, _time);
        using var link = timeout.Token.Register(static source => ((CancellationTokenSource)source!).Cancel(), limited);
        var started = _time.GetTimestamp();
        try
        {
            var result = await _reconcile(item.Key, limited.Token).ConfigureAwait(false);
            Complete(item, result);
        }
        catch (OperationCanceledException) when (working.IsCancellationRequested)
        {
            // Not the key's fault: it is due again in the next term, if there is one.
            _queue.Add(item.Key, item.Priority);
            Count("cancelled");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            var delay = _queue.Retry(item.Key);
            Count("timeout");
            LogTimeout(Name, item.Key, _options.ReconcileTimeout, delay);
        }
#pragma warning disable CA1031 // One object's failure must not end the worker that serves all others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(item, failure);
        }
        finally
        {
            _metrics?.ReconcileTime.Record(_time.GetElapsedTime(started).TotalSeconds, _tag);
        }
    }

    private void Complete(WorkItem<ObjectKey> item, ReconcileResult result)
    {
        switch (result.Outcome)
        {
            case ReconcileOutcome.Retried:
                var delay = _queue.Retry(item.Key, result.After);
                Count("retry");
                LogRetry(Name, item.Key, result.Reason ?? "no reason given", delay);
                break;
            case ReconcileOutcome.Requeued:
                _queue.Forget(item.Key);
                _queue.AddAfter(item.Key, result.After ?? TimeSpan.Zero);
                Count("requeue_after");
                break;
            case ReconcileOutcome.Done:
                _queue.Forget(item.Key);
                Count("success");
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Fail(WorkItem<ObjectKey> item, Exception failure)
    {
        var delay = _queue.Retry(item.Key, (failure as KubernetesApiException)?.RetryAfter);
        switch (failure)
        {
            case KubernetesApiException { IsConflict: true } conflict:
                // Someone else wrote first; the next look has the newer object.
                Count("conflict");
                LogConflict(Name, item.Key, delay, conflict.Message);
                break;
            case KubernetesApiException or KubernetesConnectionException or CredentialException:
                Count("error");
                LogRefused(Name, item.Key, delay, failure.Message);
                break;
            default:
                Count("error");
                _metrics?.ReconcilePanics.Add(1, _tag);
                LogFailure(failure, Name, item.Key, delay);
                break;
        }
    }

    private void Count(string result) => _metrics?.Reconciles.Add(1, _tag, new("result", result));

    [LoggerMessage(1, LogLevel.Information, "Controller {Controller}: {Workers} workers start on {Depth} keys")]
    private partial void LogStarted(string controller, int workers, int depth);

    [LoggerMessage(2, LogLevel.Information, "Controller {Controller}: workers stopped")]
    private partial void LogStopped(string controller);

    [LoggerMessage(3, LogLevel.Warning, "Controller {Controller}: {Key} took longer than {Limit}; again in {Delay}")]
    private partial void LogTimeout(string controller, ObjectKey key, TimeSpan limit, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Information, "Controller {Controller}: {Key}: {Reason}; again in {Delay}")]
    private partial void LogRetry(string controller, ObjectKey key, string reason, TimeSpan delay);

    [LoggerMessage(5, LogLevel.Error, "Controller {Controller}: {Key} failed; again in {Delay}")]
    private partial void LogFailure(Exception failure, string controller, ObjectKey key, TimeSpan delay);

    [LoggerMessage(6, LogLevel.Warning, "Controller {Controller}: {Key} failed; again in {Delay}: {Problem}")]
    private partial void LogRefused(string controller, ObjectKey key, TimeSpan delay, string problem);

    [LoggerMessage(7, LogLevel.Debug, "Controller {Controller}: {Key} changed meanwhile; again in {Delay}: {Problem}")]
    private partial void LogConflict(string controller, ObjectKey key, TimeSpan delay, string problem);
}
