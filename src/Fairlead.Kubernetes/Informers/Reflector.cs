using System.Net;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Informers;

/// <summary>
/// Keeps a cache current: lists, watches from there, resumes where a watch ended, lists again when the server no longer
/// knows that place. Never gives up.
/// </summary>
internal sealed partial class Reflector<T>(
    ResourceClient<T> client,
    InformerScope scope,
    ObjectCache<T> cache,
    InformerOptions options,
    StreamingListSupport streaming,
    Random random,
    TimeProvider time,
    ILogger logger)
    where T : class, IKubernetesObject
{
    // A place to resume from that fails this often is given up: the server may have been restored from a backup, or
    // may send an object there that cannot be decoded.
    private const int MaxResumes = 5;

    private readonly string _resource = client.Type.GroupResource;
    private readonly Backoff _backoff = new(options.BaseDelay, options.MaxDelay, Jitter: 1);
    private volatile InformerStatus _status = new(InformerPhase.Starting, null, time.GetUtcNow());
    private InformerMetrics? _metrics;
    private string? _version;
    private bool _listed;
    private string _relistReason = "start";
    private int _failures;
    private int _expiries;
    private long _lastEvent = time.GetTimestamp();

    public InformerStatus Status => _status;

    /// <summary>Called once, when the first complete list is in the cache.</summary>
    public required Action Synced { get; init; }

    public TimeSpan LastEventAge => time.GetElapsedTime(Interlocked.Read(ref _lastEvent));

    public async Task RunAsync(InformerMetrics? metrics, CancellationToken cancellationToken)
    {
        _metrics = metrics;
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = TimeSpan.Zero;
            try
            {
                wait = await RunOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it was: the cache must become current again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                wait = Fail(failure);
            }

            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One list if needed, and one watch.</summary>
    /// <returns>How long to wait before the next.</returns>
    private async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (_version is null && !streaming.Available)
        {
            await ListAsync(cancellationToken).ConfigureAwait(false);
        }

        var started = time.GetTimestamp();
        var (received, silent) = await WatchAsync(cancellationToken).ConfigureAwait(false);
        _metrics?.WatchRestarted(silent ? "silent" : "ended");
        LogRestart(_resource, scope, silent ? "it went silent" : "the server ended it", _version);

        // A server that ends watches at once would otherwise be asked in a tight loop.
        var fruitless = received == 0 && time.GetElapsedTime(started) < TimeSpan.FromSeconds(1);
        _failures = fruitless ? _failures : 0;
        return fruitless ? _backoff.Next(_failures++, random) : TimeSpan.Zero;
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var writes = cache.WritesSoFar();
        var list = await client
            .ListAllAsync(
                scope.Namespace,
                new ListOptions { LabelSelector = scope.LabelSelector, FieldSelector = scope.FieldSelector, PageSize = options.PageSize },
                cancellationToken)
            .ConfigureAwait(false);
        Replace(list.Items, list.ResourceVersion, writes);
    }

    private async Task<(int Received, bool Silent)> WatchAsync(CancellationToken cancellationToken)
    {
        List<T>? initial = _version is null ? [] : null;
        var writes = cache.WritesSoFar();
        var received = 0;
        using var watchdog = new Watchdog(initial is null ? options.SilenceTimeout : options.StreamingListTimeout, time, cancellationToken);
        try
        {
            await foreach (var change in client.WatchAsync(scope.Namespace, Options(initial is not null), cache.Find, watchdog.Token).ConfigureAwait(false))
            {
                received++;
                Interlocked.Exchange(ref _lastEvent, time.GetTimestamp());
                watchdog.Reset();
                if (initial is not null)
                {
                    if (change.InitialEventsEnd)
                    {
                        Replace(initial, change.ResourceVersion, writes);
                        initial = null;
                        watchdog.Arm(options.SilenceTimeout);
                    }
                    else if (change is { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } present })
                    {
                        initial.Add(present);
                    }

                    continue;
                }

                Apply(change);
                _version = change.ResourceVersion;
                _expiries = 0;
                Recover();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (initial is not null)
            {
                RuleOutStreaming("it did not complete one in time");
            }

            return (received, Silent: true);
        }
        catch (KubernetesApiException failure) when (initial is not null && IsRefusalOfStreaming(failure))
        {
            RuleOutStreaming(failure.Message);
            return (1, Silent: false);
        }

        return (received, Silent: false);
    }

    private WatchOptions Options(bool initialEvents) => new()
    {
        ResourceVersion = _version,
        LabelSelector = scope.LabelSelector,
        FieldSelector = scope.FieldSelector,
        SendInitialEvents = initialEvents,
        TimeoutSeconds = (int)(options.WatchTimeout.TotalSeconds * (1 + random.NextDouble())),
    };

    private void Apply(WatchEvent<T> change)
    {
        switch (change)
        {
            case { Type: WatchEventType.Added or WatchEventType.Modified, Object: { } value }:
                cache.Change(value);
                break;
            case { Type: WatchEventType.Deleted, Object: { } value }:
                cache.Delete(value);
                break;
            default:
                cache.Bookmark(change.ResourceVersion);
                break;
        }
    }

    private void Replace(IReadOnlyList<T> items, string version, long writes)
    {
        cache.Replace(items, version, writes);
        _version = version;
        Interlocked.Exchange(ref _lastEvent, time.GetTimestamp());
        if (_listed)
        {
            _metrics?.Relisted(_relistReason);
        }

        LogListed(_resource, scope, items.Count, version);
        Recover();
        _listed = true;
        Synced();
    }

    private void Recover()
    {
        _failures = 0;
        if (_status.Phase != InformerPhase.Watching)
        {
            if (_status.Problem is not null)
            {
                LogRecovered(_resource, scope);
            }

            _status = new InformerStatus(InformerPhase.Watching, null, time.GetUtcNow());
        }
    }

    private TimeSpan Fail(Exception exception)
    {
        var failure = InformerFailure.Of(exception, client.Type.Group, client.Type.Plural, scope);
        _metrics?.Failed(failure.Reason);
        if (_version is not null)
        {
            _metrics?.WatchRestarted(failure.Reason);
        }

        if (failure.Relist || (_failures >= MaxResumes && failure.Reason is ("server" or "decoding" or "rejected")))
        {
            _version = null;
            _relistReason = failure.Reason;
        }

        if (failure.Relist && _version is null && _expiries++ == 0)
        {
            // The first time this is ordinary: history was compacted while we were away.
            LogExpired(_resource, scope);
            return failure.RetryAfter ?? TimeSpan.Zero;
        }

        var wait = _backoff.Next(Math.Max(_failures++, _expiries), random);
        wait = failure.RetryAfter > wait ? failure.RetryAfter.Value : wait;
        Report(failure, wait);
        return wait;
    }

    private void Report(InformerFailure failure, TimeSpan wait)
    {
        // Said once per problem, not once per try.
        if (_status.Phase == failure.Phase && _status.Problem == failure.Problem)
        {
            LogStillFailing(_resource, scope, failure.Reason, wait);
            return;
        }

        var samePhase = _status.Phase == failure.Phase;
        _status = new InformerStatus(failure.Phase, failure.Problem, samePhase ? _status.Since : time.GetUtcNow());
        if (failure.Phase == InformerPhase.Absent)
        {
            LogAbsent(failure.Problem);
        }
        else
        {
            LogFailing(failure.Problem, wait);
        }
    }

    private void RuleOutStreaming(string why)
    {
        if (streaming.Available)
        {
            streaming.RuleOut();
            LogNoStreaming(why);
        }
    }

    private static bool IsRefusalOfStreaming(KubernetesApiException failure) =>
        failure.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
        && !(failure.IsUnauthorized || failure.IsForbidden || failure.IsNotFound || failure.IsGone || failure.IsTooManyRequests);

    [LoggerMessage(1, LogLevel.Debug, "Listed {Resource} ({Scope}): {Count} objects at {Version}")]
    private partial void LogListed(string resource, InformerScope scope, int count, string version);

    [LoggerMessage(2, LogLevel.Debug, "Watch of {Resource} ({Scope}) opens again from {Version}: {Why}")]
    private partial void LogRestart(string resource, InformerScope scope, string why, string? version);

    [LoggerMessage(3, LogLevel.Information, "{Resource} ({Scope}) can be watched again")]
    private partial void LogRecovered(string resource, InformerScope scope);

    [LoggerMessage(4, LogLevel.Debug, "Watch of {Resource} ({Scope}) fell behind the server's history; listing again")]
    private partial void LogExpired(string resource, InformerScope scope);

    [LoggerMessage(5, LogLevel.Debug, "{Resource} ({Scope}) still fails ({Reason}); again in {Wait}")]
    private partial void LogStillFailing(string resource, InformerScope scope, string reason, TimeSpan wait);

    [LoggerMessage(6, LogLevel.Information, "{Problem}")]
    private partial void LogAbsent(string problem);

    [LoggerMessage(7, LogLevel.Warning, "Cannot watch {Problem} Again in {Wait}")]
    private partial void LogFailing(string problem, TimeSpan wait);

    [LoggerMessage(8, LogLevel.Information, "The API server does no streaming lists; listing in pages instead: {Why}")]
    private partial void LogNoStreaming(string why);
}
