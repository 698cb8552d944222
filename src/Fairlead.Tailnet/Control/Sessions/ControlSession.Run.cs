using System.Globalization;
using System.Net;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Control.Registration;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Sessions;

/// <content>The loop: register, follow the map, and again.</content>
public sealed partial class ControlSession
{
    private const long NoClockSkew = long.MinValue;

    /// <summary>A stream that lived so long was well: what ended it is a new trouble, and does not add to the wait.</summary>
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(20);

    /// <summary>For a server whose streams end soon but begin with a map: it works, and may only be about to restart.</summary>
    private static readonly TimeSpan LongestWaitWhileServed = TimeSpan.FromSeconds(4);

    /// <summary>A key that expires has lived longer; a server that calls each new key expired has to wait for the next as after any failure.</summary>
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(20);

    /// <summary>A server that is slower than this with the first update gets the request for the stream meanwhile.</summary>
    private static readonly TimeSpan FirstUpdateTime = TimeSpan.FromSeconds(5);

    /// <summary>What the node's health calls it.</summary>
    private const string ClockPart = "clock";

    /// <summary>Well above what a message takes to come.</summary>
    private static readonly TimeSpan LargestClockSkew = TimeSpan.FromMinutes(1);

    private long _clockSkewTicks = NoClockSkew;
    private long? _renewedAt;
    private bool _wasLetIn;

    private async Task RunAsync(CancellationToken stop)
    {
        var next = Step.Register;
        while (!stop.IsCancellationRequested)
        {
            var wake = _wake;
            try
            {
                if (next != Step.Follow) await RegisterAsync(next == Step.Rotate, stop).ConfigureAwait(false);
                next = Step.Follow;
                await FollowAsync(stop).ConfigureAwait(false);
            }
            // Whatever happens here, a node has to come back by itself.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (stop.IsCancellationRequested) return;
                var isRenewal = MayRenewAtOnce(e);
                Report(e, !isRenewal && NeedsLogin(e, next));
                next = AfterFailure(next, e);
                if (!isRenewal) await WaitAsync(e, wake, stop).ConfigureAwait(false);
            }
        }
    }

    private static Step AfterFailure(Step step, Exception failure) => failure switch
    {
        NodeKeyExpiredException => Step.Rotate,
        // The server no longer knows the node.
        ControlServerException { IsTransient: false } when step == Step.Follow => Step.Register,
        _ => step,
    };

    // That a key has expired is no failure of the server: earlier ones are no reason to wait.
    private bool MayRenewAtOnce(Exception failure)
    {
        if (failure is not NodeKeyExpiredException) return false;
        var now = _options.Time.GetTimestamp();
        if (_renewedAt is { } before && _options.Time.GetElapsedTime(before, now) < RenewalInterval) return false;
        _renewedAt = now;
        return true;
    }

    private async Task RegisterAsync(bool mustRotate, CancellationToken stop)
    {
        var options = new RegistrationOptions
        {
            Hostinfo = Description.CompleteHostinfo,
            AuthKey = _authKey,
            Issuer = _options.AuthKeyIssuer,
            Ephemeral = _options.Ephemeral,
            Tailnet = _options.Tailnet,
            LoginNeeded = url => _status.Update(status => status with { State = ControlState.NeedsLogin, AuthUrl = url }),
        };
        var registration = await _registrar.RegisterAsync(_nodeKey, mustRotate, options, stop).ConfigureAwait(false);
        if (_renewal.Next is not null)
        {
            await _options.NodeKeyChanged(registration.NodeKey, stop).ConfigureAwait(false);
            _nodeKey = registration.NodeKey;
            _renewal.End();
            _mapSession.Forget();
        }

        if (registration.IsExpired) throw new NodeKeyExpiredException();
        _wasLetIn = true;
        LogRegistered(_options.Logger, NodeKey);
        _status.Update(status => status with
        {
            State = registration.MachineAuthorized ? status.State : ControlState.NeedsMachineAuthorization,
            AuthUrl = "",
            User = registration.User,
            Login = registration.Login,
        });

        _health.Begin(NodeKey, stop);

        // Peers are told of a node when its stream begins: what they need to reach it had better be known then, or they are told twice.
        await _updates.BeginAsync(NodeKey, stop).WaitAsync(FirstUpdateTime, _options.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var session = _mapSession;
        var began = _options.Time.GetTimestamp();
        var request = session.Ask(new MapRequest
        {
            Version = CapabilityVersion.Current,
            Compress = _options.Compression == MapCompression.Zstd ? MapRequest.Zstd : "",
            KeepAlive = true,
            Stream = true,
            NodeKey = NodeKey,
            DiscoKey = Description.DiscoKey,
            Hostinfo = Description.CompleteHostinfo,
        });
        try
        {
            await new MapStream(_requests, _options.Time).RunAsync(request, (message, weight) => Received(message, weight, stop), stop).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsLoss(e, session.HasBegun))
        {
            session.Forget();
            throw;
        }
        finally
        {
            if (session.Map is not null)
            {
                _backOff.AtMost(LongestWaitWhileServed);
                if (_options.Time.GetElapsedTime(began) >= Healthy) _backOff.Reset();
            }
        }
    }

    // Whether what came before was well, and can be gone on from. For whatever else the server or its messages are ill with, the whole map
    // is the cure; so it is where a server answers the wish to go on with nothing.
    private static bool IsLoss(Exception failure, bool hasBegun) => failure switch
    {
        MapFrameException => false,
        EndOfStreamException => hasBegun,
        IOException or HttpRequestException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };

    private void Received(MapResponse message, long weight, CancellationToken stop)
    {
        var now = _options.Time.GetUtcNow();
        if (message.ControlTime is { } time && time != default) NoteClock(time, now);
        if (message.PingRequest is { } ping) _pings.Take(ping, stop);
        if (message.PopBrowserURL != Status.BrowseUrl && ServerText.IsWebPage(message.PopBrowserURL)) _status.Update(status => status with { BrowseUrl = message.PopBrowserURL });
        if (message.ControlDialPlan is { } plan) _options.Connection.UseDialPlan(plan);
        var before = _mapSession.Map;
        _mapSession.Take(message, weight, now);
        if (_mapSession.Map is not { } map) return;
        if (!ReferenceEquals(before, map))
        {
            _map.Set(map);
            ReportConnected(map);
        }

        // The server sets the time by its own clock.
        if (map.Self.IsExpiredAt(now + (ClockSkew ?? TimeSpan.Zero))) throw new NodeKeyExpiredException();
    }

    private void NoteClock(DateTimeOffset server, DateTimeOffset own)
    {
        var skew = server - own;
        Interlocked.Exchange(ref _clockSkewTicks, skew.Ticks);
        ReportHealth(ClockPart, skew.Duration() < LargestClockSkew ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"The machine's clock is {skew.Duration().TotalMinutes:0} minutes {(skew > TimeSpan.Zero ? "behind" : "ahead of")} the coordination server's; certificates and keys may be taken for expired. Set it."));
    }

    private void ReportConnected(NetworkMap map)
    {
        var state = map.Self.MachineAuthorized ? ControlState.Running : ControlState.NeedsMachineAuthorization;
        var status = _status.Value;
        if (status.IsConnected && status.State == state) return;
        if (!status.IsConnected) LogConnected(_options.Logger, map.Self.Name, map.Peers.Count);
        _status.Update(old => old with { State = state, IsConnected = true, Error = "", AuthUrl = "" });
    }

    // To call for a login is to give the node up. One that was let in before is refused in so many words; other statuses are of something
    // on the way, or of a server that is ill.
    private bool NeedsLogin(Exception failure, Step step) => failure switch
    {
        RegistrationException or NodeKeyExpiredException => true,
        ControlServerException { IsTransient: false } refused when step != Step.Follow =>
            !_wasLetIn || refused.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden,
        _ => false,
    };

    private void Report(Exception failure, bool needsLogin)
    {
        LogFailed(_options.Logger, failure.Message);
        _status.Update(status => status with
        {
            State = needsLogin ? ControlState.NeedsLogin : status.State,
            IsConnected = false,
            Error = failure.Message,
        });
    }

    // A call of Wake since the attempt began ends the wait at once.
    private async Task WaitAsync(Exception failure, TaskCompletionSource wake, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var delay = Task.Delay(_backOff.Next(ControlServerException.WaitAskedWith(failure)), _options.Time, either.Token);
        await Task.WhenAny(delay, wake.Task).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        if (wake.Task.IsCompleted) _wake = NewWake();
    }

    private enum Step
    {
        Register,
        Rotate,
        Follow,
    }
}
