using System.Net;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Coordination;
using Fairlead.Kubernetes.Resources.Meta;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.LeaderElection;

/// <summary>
/// Lets one of several processes work at a time, by a Lease object. Every term has a fencing token that is cancelled
/// when the lease was not renewed within the renew deadline — by a timer of our own, so also when requests hang — and
/// thereby before another process may take the lease.
/// </summary>
public sealed partial class LeaderElector : IDisposable
{
    private readonly ResourceClient<Lease> _leases;
    private readonly LeaderElectionOptions _options;
    private readonly ObjectKey _key;
    private readonly EventRecorder? _events;
    private readonly RuntimeMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly LeaseObservation _observed;
    private readonly IDisposable? _gauge;
    private volatile bool _leading;
    private volatile bool _overstaying;
    private bool _sure;
    private bool _changedMeanwhile;
    private string _lastFailure = "";

    /// <exception cref="ArgumentException">The durations do not fit together.</exception>
    public LeaderElector(
        KubernetesClient client,
        LeaderElectionOptions options,
        ILoggerFactory logging,
        EventRecorder? events = null,
        RuntimeMetrics? metrics = null,
        TimeProvider? time = null,
        Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logging);
        options.Validate();
        _leases = client.For(KubernetesResources.Leases);
        _options = options;
        _key = new ObjectKey(options.Namespace, options.Name);
        _events = events;
        _metrics = metrics;
        _time = time ?? TimeProvider.System;
        _random = random ?? Random.Shared;
        _logger = logging.CreateLogger<LeaderElector>();
        _observed = new LeaseObservation(_time);
        _gauge = metrics?.Leading(_key.ToString(), () => _leading);
    }

    /// <summary>Whether this process holds the lease.</summary>
    public bool IsLeading => _leading;

    /// <summary>Who holds the lease as far as known; empty if nobody.</summary>
    public string Holder => _observed.Holder;

    /// <summary>Null while healthy; otherwise why this process must not live on.</summary>
    public string? Problem => _overstaying ? $"work of a lost term of lease {_key} has not ended" : null;

    /// <summary>
    /// Competes for the lease and runs <paramref name="lead"/> for every term, until <paramref name="stopping"/>. On a
    /// stop the lease is renewed until <paramref name="lead"/> has ended by itself, then released, so that a standby
    /// takes over at once.
    /// </summary>
    /// <param name="lead">Gets the term's fencing token and must end when it is cancelled.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(lead);
        while (!stopping.IsCancellationRequested)
        {
            var sentAt = _time.GetTimestamp();
            if (await TryHoldAsync(_options.RenewDeadline, stopping).ConfigureAwait(false))
            {
                await ServeTermAsync(lead, sentAt, stopping).ConfigureAwait(false);
            }
            else
            {
                await PauseAsync(_options.RetryPeriod * (1 + (_random.NextDouble() * 0.2)), stopping).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _gauge?.Dispose();

    private async Task ServeTermAsync(Func<CancellationToken, Task> lead, long renewedAt, CancellationToken stopping)
    {
        using var term = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        Fence(term, renewedAt);
        _leading = true;
        _metrics?.LeaderTransitions.Add(1, new KeyValuePair<string, object?>("change", "won"));
        LogWon(_options.Identity, _key);
        RecordEvent($"{_options.Identity} became leader");

        using var ended = new CancellationTokenSource();
        var renewing = RenewAsync(term, ended.Token);
        var work = Task.Run(() => lead(term.Token), CancellationToken.None);
        try
        {
            await WaitForWorkAsync(work, term.Token).ConfigureAwait(false);
        }
        finally
        {
            _overstaying = false;
            var lost = term.IsCancellationRequested;
            await ended.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(false);
            _leading = false;
            _metrics?.LeaderTransitions.Add(1, new KeyValuePair<string, object?>("change", lost ? "lost" : "released"));
            if (lost)
            {
                LogLost(_options.Identity, _key);
                RecordEvent($"{_options.Identity} stopped leading");
            }
            else
            {
                await ReleaseAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task WaitForWorkAsync(Task work, CancellationToken term)
    {
        try
        {
            await work.WaitAsync(term).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // By now others may not take the lease yet, but soon.
            var grace = Task.Delay(_options.LeaseDuration - _options.RenewDeadline, _time, CancellationToken.None);
            if (await Task.WhenAny(work, grace).ConfigureAwait(false) == grace)
            {
                _overstaying = true;
                LogOverstaying(_key);
            }

            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Renews until told that the term ended, or until the fence closes.</summary>
    private async Task RenewAsync(CancellationTokenSource term, CancellationToken ended)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Token, ended);
        while (!either.IsCancellationRequested)
        {
            await PauseAsync(_options.RetryPeriod, either.Token).ConfigureAwait(false);
            var sentAt = _time.GetTimestamp();
            if (either.IsCancellationRequested)
            {
                return;
            }

            var held = await TryHoldAsync(_options.RenewDeadline / 2, either.Token).ConfigureAwait(false);
            if (!held && _changedMeanwhile)
            {
                // Deleted or written by someone else: whether it is lost shows in a second look, at once.
                sentAt = _time.GetTimestamp();
                held = await TryHoldAsync(_options.RenewDeadline / 2, either.Token).ConfigureAwait(false);
            }

            if (held)
            {
                Fence(term, sentAt);
            }
            else if (_observed.IsHeldByOther(_options.Identity, _options.LeaseDuration))
            {
                await term.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sets when the term ends unless renewed, counted from before the renewing request was sent.</summary>
    private void Fence(CancellationTokenSource term, long renewedAt)
    {
        if (term.IsCancellationRequested)
        {
            return;
        }

        var left = _options.RenewDeadline - _time.GetElapsedTime(renewedAt);
        term.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <summary>Takes the lease if it is free, ours or expired, or renews it.</summary>
    private async Task<bool> TryHoldAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var sure = _sure && _leading;
        _sure = false;
        _changedMeanwhile = false;
        try
        {
            // In the ordinary case what we wrote last is still there: one request per renewal.
            if (!sure)
            {
                if (await _leases.TryGetAsync(_key, either.Token).ConfigureAwait(false) is { } current)
                {
                    _observed.See(current);
                }
                else
                {
                    _observed.Forget();
                }
            }

            if (_observed.IsHeldByOther(_options.Identity, _options.LeaseDuration))
            {
                LogStandby(_options.Identity, _observed.Holder, _key);
                return false;
            }

            var mine = Mine(_observed.Lease);
            var written = _observed.Lease is null
                ? await _leases.CreateAsync(mine, cancellationToken: either.Token).ConfigureAwait(false)
                : await _leases.UpdateAsync(mine, cancellationToken: either.Token).ConfigureAwait(false);
            _observed.See(written);
            _lastFailure = "";
            _sure = true;
            return true;
        }
        catch (KubernetesApiException refused) when (refused is { IsUnauthorized: false, IsForbidden: false, IsTooManyRequests: false, StatusCode: < HttpStatusCode.InternalServerError })
        {
            _changedMeanwhile = true;
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
#pragma warning disable CA1031 // Whatever fails, the fence decides when the term is over.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (_lastFailure != failure.Message)
            {
                _lastFailure = failure.Message;
                LogFailure(_key, failure.Message);
            }

            return false;
        }
    }

    private Lease Mine(Lease? current)
    {
        var now = _time.GetUtcNow();
        var spec = current?.Spec ?? new LeaseSpec();
        var taking = spec.HolderIdentity != _options.Identity || spec.AcquireTime is null;
        return (current ?? new Lease
        {
            ApiVersion = _leases.Type.ApiVersion,
            Kind = _leases.Type.Kind,
            Metadata = new ObjectMeta { Namespace = _key.Namespace, Name = _key.Name },
        }) with
        {
            Spec = spec with
            {
                HolderIdentity = _options.Identity,
                LeaseDurationSeconds = (int)Math.Ceiling(_options.LeaseDuration.TotalSeconds),
                AcquireTime = taking ? now : spec.AcquireTime,
                RenewTime = now,
                LeaseTransitions = taking && current is not null ? (spec.LeaseTransitions ?? 0) + 1 : spec.LeaseTransitions ?? 0,
            },
        };
    }

    private async Task ReleaseAsync()
    {
        if (_observed.Lease is not { } held || _observed.Holder != _options.Identity)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(_options.RetryPeriod, _time);
        try
        {
            // One second, the shortest duration the API allows, for candidates that look at the duration only.
            var free = held with
            {
                Spec = held.Spec! with { HolderIdentity = null, LeaseDurationSeconds = 1, RenewTime = _time.GetUtcNow() },
            };
            _observed.See(await _leases.UpdateAsync(free, cancellationToken: timeout.Token).ConfigureAwait(false));
            LogReleased(_options.Identity, _key);
        }
#pragma warning disable CA1031 // Whatever fails, the lease expires, and the stop goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _observed.Forget();
            LogNotReleased(_key, failure.Message);
        }
    }

    private void RecordEvent(string message)
    {
        if (_observed.Lease is { } lease)
        {
            _events?.Record(_leases.Type, lease, EventType.Normal, "LeaderElection", message);
        }
    }

    private Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        SuppressAsync(Task.Delay(wait, _time, cancellationToken));

    private static async Task SuppressAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(1, LogLevel.Information, "{Identity} holds lease {Lease} and starts to work")]
    private partial void LogWon(string identity, ObjectKey lease);

    [LoggerMessage(2, LogLevel.Warning, "{Identity} lost lease {Lease}; its work was stopped")]
    private partial void LogLost(string identity, ObjectKey lease);

    [LoggerMessage(3, LogLevel.Information, "{Identity} released lease {Lease}")]
    private partial void LogReleased(string identity, ObjectKey lease);

    [LoggerMessage(4, LogLevel.Warning, "Lease {Lease} could not be released, so that a standby must wait for it to expire: {Problem}")]
    private partial void LogNotReleased(ObjectKey lease, string problem);

    [LoggerMessage(5, LogLevel.Warning, "Lease {Lease} cannot be taken or renewed; trying on: {Problem}")]
    private partial void LogFailure(ObjectKey lease, string problem);

    [LoggerMessage(6, LogLevel.Critical, "Work of a lost term of lease {Lease} does not end although it was told to")]
    private partial void LogOverstaying(ObjectKey lease);

    [LoggerMessage(7, LogLevel.Debug, "{Identity} stands by; {Holder} holds lease {Lease}")]
    private partial void LogStandby(string identity, string holder, ObjectKey lease);
}
