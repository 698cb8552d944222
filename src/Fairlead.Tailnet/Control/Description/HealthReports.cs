using System.Net;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Timing;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Description;

/// <summary>Tells the coordination server what is wrong with parts of the node, and when they are well again. One at a time, the newest only.</summary>
internal sealed partial class HealthReports(ControlRequests requests, TimeProvider time, Random random, ILogger logger)
{
    private const string Path = "/machine/update-health";

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly BackOff _backOff = new(FirstWait, LongestWait, random);
    private readonly SortedDictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private NodePublicKey _node;
    private CancellationToken _stop;
    private Task _sending = Task.CompletedTask;
    private bool _isSending;
    private bool _isActive;

    /// <summary>What is wrong, by part.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Errors
    {
        get
        {
            lock (_gate) return [.. _errors];
        }
    }

    /// <param name="error">Empty for nothing.</param>
    public void Set(string part, string error)
    {
        lock (_gate)
        {
            if (error.Length == 0) _errors.Remove(part);
            else _errors[part] = error;
            SendIfNeeded();
        }
    }

    /// <summary>From now on the server knows the machine as this node, and takes it to be well.</summary>
    public void Begin(NodePublicKey node, CancellationToken stop)
    {
        lock (_gate)
        {
            _told.Clear();
            (_node, _stop, _isActive) = (node, stop, true);
            SendIfNeeded();
        }
    }

    /// <summary>Returns when nothing is under way; the token given before must have been cancelled.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _isActive = false;
            return _sending;
        }
    }

    // Under the lock.
    private void SendIfNeeded()
    {
        if (!_isActive || _isSending || Next() is null) return;
        _isSending = true;
        _sending = Task.Run(SendAsync, CancellationToken.None);
    }

    // Under the lock. Null if the server knows all.
    private UpdateHealthRequest? Next() => _errors.Keys.Union(_told.Keys)
        .Where(part => _errors.GetValueOrDefault(part, "") != _told.GetValueOrDefault(part, ""))
        .Select(part => new UpdateHealthRequest { Subsys = part, Error = _errors.GetValueOrDefault(part, ""), NodeKey = _node })
        .FirstOrDefault();

    private async Task SendAsync()
    {
        while (true)
        {
            UpdateHealthRequest? request;
            CancellationToken stop;
            lock (_gate)
            {
                request = _isActive && !_stop.IsCancellationRequested ? Next() : null;
                _isSending = request is not null;
                if (request is null) return;
                stop = _stop;
            }

            try
            {
                await TimeLimit.WithinAsync(TimeLimit.Answer, time, token => TellAsync(request, token), stop).ConfigureAwait(false);
                _backOff.Reset();
            }
            catch (Exception e) when (e is IOException or HttpRequestException or ControlServerException or TimeoutException or OperationCanceledException)
            {
                if (stop.IsCancellationRequested) return;
                var wait = _backOff.Next(ControlServerException.WaitAskedWith(e));
                LogFailed(logger, wait.TotalSeconds, e.Message);
                await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TellAsync(UpdateHealthRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await requests.SendOnlyAsync(HttpMethod.Post, Path, ControlJson.Serialize(request), cancellationToken, request.NodeKey).ConfigureAwait(false);
        }
        // Not all servers want to know. To ask again would change nothing.
        catch (ControlServerException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone or HttpStatusCode.NotImplemented)
        {
        }

        lock (_gate)
        {
            if (_node == request.NodeKey) _told[request.Subsys] = request.Error;
        }

        return true;
    }

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "The coordination server was not told of the node's health; next attempt in {Seconds:F1} s. {Reason}")]
    private static partial void LogFailed(ILogger logger, double seconds, string reason);
}
