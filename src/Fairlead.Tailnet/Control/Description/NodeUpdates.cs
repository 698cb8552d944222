using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Timing;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Description;

/// <summary>
/// Tells the coordination server what changed about the node, in requests of their own since the stream is read-only. One at a time, the
/// newest only, and nothing that it knows already. Costs nothing while nothing changes. Latencies differ with every measurement, and
/// each update makes the server tell all peers: they go along with the next change of something else.
/// </summary>
internal sealed partial class NodeUpdates(ControlRequests requests, NodeDescription initial, TimeProvider time, Random random, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly BackOff _backOff = new(FirstWait, LongestWait, random);
    private NodeDescription _description = initial;
    private NodePublicKey _node;
    private MapRequest? _known;
    private CancellationToken _stop;
    private bool _active;
    private Task _sending = Task.CompletedTask;
    private bool _isSending;
    private TaskCompletionSource _attempted = new();
    private TaskCompletionSource _begun = NewSignal();

    public NodeDescription Description
    {
        get
        {
            lock (_gate) return _description;
        }
    }

    public void Change(Func<NodeDescription, NodeDescription> change)
    {
        lock (_gate)
        {
            _description = change(_description);
            SendIfNeeded();
        }
    }

    /// <summary>Ends when the server knows all that has been described so far, or when there is no node any more to tell about.</summary>
    public Task TellAllAsync()
    {
        lock (_gate)
        {
            return _sending;
        }
    }

    /// <summary>From now on the server knows the machine as this node, but nothing about it.</summary>
    /// <returns>Completes when the server was told once, successfully or not.</returns>
    public Task BeginAsync(NodePublicKey node, CancellationToken stop)
    {
        lock (_gate)
        {
            (_node, _known, _stop, _active) = (node, null, stop, true);
            _attempted = NewSignal();

            // That the server refused the node's former key is no reason to wait with what it has to know of this one.
            _begun.SetResult();
            _begun = NewSignal();
            SendIfNeeded();
            return _attempted.Task;
        }
    }

    /// <summary>From now on there is no node to tell about. Returns when nothing is under way; the token given before must have been cancelled.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _active = false;
            return _sending;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Under the lock.
    private void SendIfNeeded()
    {
        if (!_active || _isSending || Next() is null) return;
        _isSending = true;
        _sending = Task.Run(SendAsync, CancellationToken.None);
    }

    // Under the lock. Null if the server knows all.
    private MapRequest? Next()
    {
        var request = new MapRequest
        {
            Version = CapabilityVersion.Current,
            NodeKey = _node,
            DiscoKey = _description.DiscoKey,
            Hostinfo = _description.CompleteHostinfo,
            Endpoints = [.. _description.Endpoints.Select(endpoint => endpoint.Address)],
            EndpointTypes = [.. _description.Endpoints.Select(endpoint => endpoint.Type)],
            OmitPeers = true,
        };
        return _known is not null && WithoutLatencies(request).AsSpan().SequenceEqual(WithoutLatencies(_known)) ? null : request;
    }

    private static byte[] WithoutLatencies(MapRequest request) => ControlJson.Serialize(
        request.Hostinfo is { NetInfo: { } network } host
            ? request with { Hostinfo = host with { NetInfo = network with { DERPLatency = new Dictionary<string, double>() } } }
            : request);

    private async Task SendAsync()
    {
        while (true)
        {
            MapRequest? request;
            NodePublicKey node;
            CancellationToken stop;
            TaskCompletionSource attempted;
            Task begun;
            lock (_gate)
            {
                request = _active && !_stop.IsCancellationRequested ? Next() : null;
                _isSending = request is not null;
                if (request is null) return;
                (node, stop, attempted, begun) = (_node, _stop, _attempted, _begun.Task);
            }

            try
            {
                await TimeLimit.WithinAsync(TimeLimit.Answer, time, token => TellAsync(request, node, token), stop).ConfigureAwait(false);
                _backOff.Reset();
                lock (_gate)
                {
                    if (_node == node) _known = request;
                }

                attempted.TrySetResult();
            }
            catch (Exception e) when (e is IOException or HttpRequestException or ControlServerException or TimeoutException or OperationCanceledException)
            {
                attempted.TrySetResult();
                await WaitAsync(e, begun, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TellAsync(MapRequest request, NodePublicKey node, CancellationToken cancellationToken)
    {
        await requests.SendOnlyAsync(HttpMethod.Post, MapStream.Path, ControlJson.Serialize(request), cancellationToken, node).ConfigureAwait(false);
        return true;
    }

    /// <param name="begun">Ends the wait: a registration that came since counts as a success of the server.</param>
    private async Task WaitAsync(Exception failure, Task begun, CancellationToken stop)
    {
        if (!stop.IsCancellationRequested && !begun.IsCompleted)
        {
            var wait = _backOff.Next(ControlServerException.WaitAskedWith(failure));
            LogFailed(logger, wait.TotalSeconds, failure.Message);
            await begun.WaitAsync(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (begun.IsCompleted) _backOff.Reset();
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "The coordination server did not take an update of the node; next attempt in {Seconds:F1} s. {Reason}")]
    private static partial void LogFailed(ILogger logger, double seconds, string reason);
}
