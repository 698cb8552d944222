using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.State;

/// <summary>
/// Tells by Events of the Pod what becomes of the device's state, as a tailscaled does of its own: one Event for each reason, which counts. The
/// names are fixed, so that a Pod's next process counts on. Recording never waits and never fails: state is kept without Events as well.
/// </summary>
internal sealed partial class StateEvents : IAsyncDisposable
{
    /// <summary>Who tells; as a tailscaled has it.</summary>
    private const string Component = "tailscale-state-store";

    /// <summary>What waits while the API server is slow; more are not told.</summary>
    private const int Capacity = 64;

    /// <summary>For what is still to be told at the end.</summary>
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<StateEvent> _queue = Channel.CreateBounded<StateEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _abandon = new();
    private readonly ResourceClient<Event> _events;
    private readonly ObjectReference _pod;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _writing;

    public StateEvents(KubernetesClient client, ObjectKey pod, string podUid, TimeProvider time, ILogger logger)
    {
        _events = client.For(KubernetesResources.Events);
        _pod = new ObjectReference { ApiVersion = KubernetesResources.Pods.ApiVersion, Kind = KubernetesResources.Pods.Kind, Namespace = pod.Namespace, Name = pod.Name, Uid = podUid };
        _time = time;
        _logger = logger;
        _writing = WriteAllAsync();
    }

    public void Record(StateEvent happened) => _queue.Writer.TryWrite(happened);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(FlushLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _abandon.CancelAsync().ConfigureAwait(false);
            await _writing.ConfigureAwait(false);
        }

        _abandon.Dispose();
    }

    private async Task WriteAllAsync()
    {
        await Task.Yield();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            // What happened several times meanwhile is told at once.
            var waiting = new List<StateEvent>();
            while (_queue.Reader.TryRead(out var happened))
            {
                waiting.Add(happened);
            }

            foreach (var same in waiting.GroupBy(happened => happened.Reason, StringComparer.Ordinal))
            {
                await WriteAsync(same.Last(), same.Count()).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(StateEvent happened, int times)
    {
        try
        {
            var now = _time.GetUtcNow();
            var key = new ObjectKey(_pod.Namespace!, $"{_pod.Name}.{_pod.Uid}.{happened.Reason.ToLowerInvariant()}");
            if (await _events.TryGetAsync(key, _abandon.Token).ConfigureAwait(false) is { } known)
            {
                var more = new JsonObject
                {
                    ["count"] = (known.Count ?? 0) + times,
                    ["message"] = happened.Message,
                    ["lastTimestamp"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                };
                await _events.PatchAsync(key, Patch.Merge(more), cancellationToken: _abandon.Token).ConfigureAwait(false);
                return;
            }

            await _events.CreateAsync(
                new Event
                {
                    Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name },
                    InvolvedObject = _pod,
                    Type = happened.Type.ToString(),
                    Reason = happened.Reason,
                    Message = happened.Message,
                    Count = times,
                    FirstTimestamp = now,
                    LastTimestamp = now,
                    Source = new EventSource { Component = Component },
                    ReportingComponent = Component,
                },
                cancellationToken: _abandon.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException or OperationCanceledException)
        {
            Log.NotTold(_logger, happened.Reason, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The Event {Reason} is not told: {Why}")]
        public static partial void NotTold(ILogger logger, string reason, string why);
    }
}
