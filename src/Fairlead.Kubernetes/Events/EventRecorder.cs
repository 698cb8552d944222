using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Events;

/// <summary>
/// Records core/v1 Events. Recording only queues: it never waits for the API server and never fails. Events that cannot
/// be written after some tries, or that exceed the queue, are dropped and counted. Needs the verbs create and patch on
/// events.
/// </summary>
public sealed partial class EventRecorder : IAsyncDisposable
{
    private const int MaxTries = 4;

    private static readonly Backoff RetryDelay = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), Jitter: 0.5);

    private readonly ResourceClient<Event> _client;
    private readonly EventRecorderOptions _options;
    private readonly EventCorrelator _correlator;
    private readonly Channel<RecordedEvent> _queue;
    private readonly RuntimeMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _writing;

    public EventRecorder(
        KubernetesClient client,
        EventRecorderOptions options,
        ILoggerFactory logging,
        RuntimeMetrics? metrics = null,
        TimeProvider? time = null,
        Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logging);
        _client = client.For(KubernetesResources.Events);
        _options = options;
        _correlator = new EventCorrelator(options);
        _metrics = metrics;
        _time = time ?? TimeProvider.System;
        _random = random ?? Random.Shared;
        _logger = logging.CreateLogger<EventRecorder>();
        _queue = Channel.CreateBounded<RecordedEvent>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Records that something happened to an object.</summary>
    /// <param name="reason">One word in upper camel case that machines can rely on.</param>
    /// <param name="message">For people; no secrets. More than 1,024 characters are cut.</param>
    public void Record(ObjectReference involved, EventType type, string reason, string message)
    {
        ArgumentNullException.ThrowIfNull(involved);
        if (!_queue.Writer.TryWrite(new RecordedEvent(involved, type, reason, message, _time.GetUtcNow())))
        {
            Count("overflow");
        }
    }

    /// <inheritdoc cref="Record(ObjectReference, EventType, string, string)"/>
    public void Record<T>(ResourceType<T> resource, T involved, EventType type, string reason, string message)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(involved);
        var metadata = involved.Metadata;
        Record(
            new ObjectReference
            {
                ApiVersion = resource.ApiVersion,
                Kind = resource.Kind,
                Namespace = metadata.Namespace,
                Name = metadata.Name,
                Uid = metadata.Uid,
                ResourceVersion = metadata.ResourceVersion,
            },
            type,
            reason,
            message);
    }

    /// <summary>Writes what is queued, for at most the flush time, and records nothing more.</summary>
    public async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        _abandon.CancelAfter(_options.FlushTimeout);
        await _writing.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _abandon.Dispose();
    }

    private async Task WriteAllAsync()
    {
        try
        {
            await foreach (var recorded in _queue.Reader.ReadAllAsync(_abandon.Token).ConfigureAwait(false))
            {
                if (_correlator.Correlate(recorded) is { } correlated)
                {
                    await WriteAsync(correlated).ConfigureAwait(false);
                }
                else
                {
                    Count("silenced");
                }
            }
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            LogAbandoned(_queue.Reader.Count);
        }
    }

    private async Task WriteAsync(CorrelatedEvent correlated)
    {
        var (value, counts) = (correlated.Event, correlated.Repeated);
        var mayHaveArrived = false;
        for (var tries = 0; ; tries++)
        {
            try
            {
                var stored = await SendAsync(value, counts).ConfigureAwait(false);
                _correlator.Written(correlated, stored);
                Count(correlated.Repeated ? "counted" : "created");
                return;
            }
            catch (KubernetesApiException exists) when (exists.IsAlreadyExists && mayHaveArrived)
            {
                // It did arrive, and only its answer got lost.
                _correlator.Written(correlated, value);
                Count(correlated.Repeated ? "counted" : "created");
                return;
            }
            catch (KubernetesApiException taken) when (taken.IsAlreadyExists && tries + 1 < MaxTries)
            {
                // Another process wrote about the same object in the same tick of the clock.
                value = _correlator.Renamed(value, _time.GetUtcNow());
            }
            catch (KubernetesApiException gone) when (gone.IsNotFound && counts)
            {
                // API servers forget Events after an hour.
                (value, counts) = (_correlator.Renamed(value, _time.GetUtcNow()), false);
            }
            catch (KubernetesApiException gone) when (gone.IsNotFound || gone.IsNamespaceTerminating)
            {
                // The Event would have gone with its namespace: nothing is lost that somebody could still read.
                Count("namespace_gone");
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                if (tries + 1 >= MaxTries || !IsTransient(failure))
                {
                    Count("dropped");
                    LogDropped(value.Reason, $"{value.InvolvedObject?.Kind} {value.InvolvedObject?.Namespace}/{value.InvolvedObject?.Name}", failure.Message);
                    return;
                }

                mayHaveArrived = true;
                await Task.Delay(RetryDelay.Next(tries, _random), _time, _abandon.Token).ConfigureAwait(false);
            }
        }
    }

    /// <param name="counts">Whether the Event was written before, and only counts up.</param>
    private async Task<Event> SendAsync(Event value, bool counts)
    {
        if (!counts)
        {
            return await _client.CreateAsync(value, cancellationToken: _abandon.Token).ConfigureAwait(false);
        }

        var patch = new JsonObject
        {
            ["count"] = value.Count,
            ["message"] = value.Message,
            ["lastTimestamp"] = value.LastTimestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        var key = new ObjectKey(value.Metadata.Namespace!, value.Metadata.Name!);
        return await _client.PatchAsync(key, Patch.Merge(patch), cancellationToken: _abandon.Token).ConfigureAwait(false);
    }

    private static bool IsTransient(Exception failure) => failure switch
    {
        KubernetesApiException api => api.IsTooManyRequests || api.StatusCode >= HttpStatusCode.InternalServerError,
        KubernetesConnectionException or CredentialException => true,
        _ => false,
    };

    private void Count(string outcome) => _metrics?.Events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(1, LogLevel.Warning, "Event {Reason} about {Involved} was dropped: {Problem}")]
    private partial void LogDropped(string? reason, string involved, string problem);

    [LoggerMessage(2, LogLevel.Warning, "{Count} Events were not written before the stop")]
    private partial void LogAbandoned(int count);
}
