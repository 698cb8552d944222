using System.Security.Cryptography;
using System.Text;
using Fairlead.Tailnet.Control.Description;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Control.Transport;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.Engine;
using Fairlead.Tailnet.Nodes.Mapping;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Protocol.Cryptography;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Nodes;

/// <summary>
/// A node of a tailnet, in this process: it needs no privileges, and many of them share threads and buffers. It stays part of the tailnet
/// until it is disposed of, whatever happens to the network or the coordination server. Safe to use from several threads.
/// </summary>
public sealed partial class TailnetNode : IAsyncDisposable
{
    /// <summary>How long a start waits for the choice of a relay, which takes a few round trips where the network is well.</summary>
    private static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(2);

    /// <summary>What the node's health calls it.</summary>
    private const string StateStorePart = "state-store";

    /// <inheritdoc cref="StateStorePart"/>
    private const string MapPart = "network-map";

    private readonly TailnetNodeOptions _options;
    private readonly ILogger _logger;
    private readonly NodeIdentity _identity;
    private readonly ControlConnection _connection;
    private readonly ControlSession _session;
    private readonly NodeEngine _engine;
    private readonly CertificateIssuer _certificates;
    private readonly ServiceOffers _offers;
    private readonly Latest<object> _revision = new(new object());
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled when stopping takes too long: what the state store is to know had better be written to the end.</summary>
    private readonly CancellationTokenSource _storing = new();

    // Maps and a change of the node's key are taken on one after the other, once the engine has started.
    private readonly SemaphoreSlim _engineTurn = new(0, 1);
    private readonly Task _following;
    private volatile NetworkMap? _map;
    private Task? _stopped;
    private volatile bool _isLoggedOut;

    private TailnetNode(TailnetNodeOptions options, NodeIdentity identity)
    {
        _options = options;
        _offers = new ServiceOffers(options.AdvertiseServices);
        _identity = identity;
        _logger = options.LoggerFactory.CreateLogger<TailnetNode>();
        _engine = new NodeEngine(options, identity.Node!);
        _connection = new ControlConnection(new ControlConnectionOptions
        {
            ControlUrl = options.ControlUrl,
            MachineKey = identity.Machine,
            Time = options.Time,
            Logger = options.LoggerFactory.CreateLogger<ControlConnection>(),
        });
        _session = ControlSession.Start(new ControlSessionOptions
        {
            Connection = _connection,
            NodeKey = identity.Node!,
            PendingNodeKey = identity.Next,
            NodeKeyPending = async (key, _) => await identity.BeginRenewalAsync(key, _storing.Token).ConfigureAwait(false),
            NodeKeyChanged = UseNodeKeyAsync,
            Description = new NodeDescription
            {
                Hostinfo = NodeHostinfo.From(options, LogId(identity.Machine)),
                DiscoKey = _engine.DiscoKey,
                Services = _offers.Current,
            },
            AuthKey = options.AuthKey,
            AuthKeyIssuer = options.AuthKeyIssuer,
            Ephemeral = options.Ephemeral,
            Pinger = AnswerControlPingAsync,
            Time = options.Time,
            Logger = options.LoggerFactory.CreateLogger<ControlSession>(),
        });
        _certificates = new CertificateIssuer(
            options.Certificates ?? new StateCertificateStore(options.State),
            SharedHttp.Invoker,
            options.CertificateAuthority,
            _session.SetDnsAsync,
            options.OrdersNameReplacedCertificate,
            options.Time,
            options.LoggerFactory.CreateLogger<CertificateIssuer>());
        _engine.DescriptionChanged = _session.Describe;
        _engine.StatusChanged = NoteChange;
        _engine.HealthChanged = NoteHealth;
        _engine.CountOwnHealth = () => _session.Health.Count;
        _engine.NetworkReplaced = _session.Reconnect;
        _engine.ClockSkew = () => _session.ClockSkew ?? TimeSpan.Zero;
        _engine.PeersDue = () => _ = RecheckPeersAsync();
        _engine.Start();
        _engineTurn.Release();
        _following = FollowMapAsync();
    }

    /// <summary>The tailnet as the node sees it; null before the first network map.</summary>
    public NetworkMap? NetworkMap => _map;

    /// <summary>
    /// Joins a tailnet, and returns when the node is part of it. While the server cannot be reached it goes on trying, until
    /// <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <exception cref="TailnetNodeException">The server refuses the node, or a user has to log in and nobody was to be told.</exception>
    /// <exception cref="NodeStateException">The state store cannot be used.</exception>
    public static async Task<TailnetNode> StartAsync(TailnetNodeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options with { State = new GuardedStateStore(options.State) };
        var identity = await NodeIdentity.LoadAsync(options.State, cancellationToken).ConfigureAwait(false);
        TailnetNode node;
        try
        {
            if (identity.Node is null)
            {
                await identity.CreateAsync(NodePrivateKey.Generate(), cancellationToken).ConfigureAwait(false);
            }

            node = new TailnetNode(options, identity);
        }
        catch
        {
            identity.Dispose();
            throw;
        }

        try
        {
            await node.WaitUntilRunningAsync(cancellationToken).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Uses another auth key from now on, and at once if the node needs one.</summary>
    public void UseAuthKey(string authKey) => _session.UseAuthKey(authKey);

    /// <summary>
    /// To be called when the machine's network changed and the system does not tell: sockets, addresses and connections are looked at anew.
    /// Where the addresses of its interfaces change, the node notices by itself.
    /// </summary>
    public void NetworkChanged() => _engine.NetworkChanged();

    /// <summary>Ends the node: the server forgets its key, and so does the state store. It is stopped then, even if the server could not be told.</summary>
    /// <exception cref="TailnetNodeException">The server could not be told, as after a stop; it will show the node as offline.</exception>
    /// <exception cref="NodeStateException">The state store still has the node's key.</exception>
    public async Task LogoutAsync(CancellationToken cancellationToken = default)
    {
        _isLoggedOut = true;

        // The session ends once what it writes is written: a store that hangs must not hold the node.
        using var limit = new CancellationTokenSource(_options.StopTimeout, _options.Time);
        using var hurry = limit.Token.Register(_storing.Cancel);
        try
        {
            await _session.LogoutAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException or ObjectDisposedException or ControlServerException or Control.Registration.RegistrationException)
        {
            throw new TailnetNodeException($"The node is logged out here, but {_options.ControlUrl} could not be told: {e.Message} Remove the device there.", e);
        }
        finally
        {
            try
            {
                await ForgetNodeAsync().ConfigureAwait(false);
            }
            finally
            {
                await DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Stops the node, in no more than <see cref="TailnetNodeOptions.StopTimeout"/>. It stays registered, and comes back with the same state
    /// store; but an ephemeral one is logged out.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_stopping)
        {
            return new ValueTask(_stopped ??= StopAsync());
        }
    }

    /// <summary>Whoever cancels a logout wants no node left all the same.</summary>
    private async Task ForgetNodeAsync()
    {
        using var limit = new CancellationTokenSource(_options.StopTimeout, _options.Time);
        try
        {
            await _identity.ForgetNodeAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new NodeStateException(
                $"The node's state store did not take the logout within {_options.StopTimeout.TotalSeconds:0.###} s and may still have the node's key; remove the state.", e);
        }
    }

    private static string LogId(MachinePrivateKey machine) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(machine.PublicKey.ToString())));

    private async Task StopAsync()
    {
        await Task.Yield();
        using var limit = new CancellationTokenSource(_options.StopTimeout, _options.Time);
        using var hurry = limit.Token.Register(_storing.Cancel);
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await EndSessionAsync(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever the server or the network makes go wrong: ports and keys must not outlive the node.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.StoppedInHaste(_logger, e.Message);
        }

        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            EndListeners();
            _certificates.Dispose();

            // Never given back: a session that was left behind must not set up an engine that nobody ends.
            await _engineTurn.WaitAsync().ConfigureAwait(false);
            await _engine.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _revision.Complete();
            _identity.Dispose();
        }
    }

    private async Task EndSessionAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_options.Ephemeral && !_isLoggedOut && _map is not null)
            {
                await _session.LogoutAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await _session.DisposeAsync().ConfigureAwait(false);
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask UseNodeKeyAsync(NodePrivateKey key, CancellationToken cancellationToken)
    {
        await _identity.EndRenewalAsync(key, cancellationToken).ConfigureAwait(false);
        await _engineTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _engine.UseNodeKeyAsync(key).ConfigureAwait(false);
        }
        finally
        {
            _engineTurn.Release();
        }
    }

    /// <summary>A map that cannot be used whole must not end the node's listening to later ones; it is in force as far as it can be.</summary>
    private async Task ApplyAsync(NetworkMapUpdate update)
    {
        await _engineTurn.WaitAsync(_stopping.Token).ConfigureAwait(false);
        try
        {
            Exception? trouble = null;
            Try(() => _engine.Apply(update));
            Try(() => UseMap(update.Map));
            NoteHealth(MapPart, trouble is null ? "" : $"The network map could not be used whole: {trouble.Message}");

            void Try(Action part)
            {
                try
                {
                    part();
                }
#pragma warning disable CA1031 // Whatever a server's map makes go wrong.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    trouble = e;
                    Log.MapNotUsed(_logger, e);
                }
            }
        }
        finally
        {
            _engineTurn.Release();
        }
    }

    private async Task RecheckPeersAsync()
    {
        try
        {
            await _engineTurn.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            _engine.RecheckPeers();
        }
#pragma warning disable CA1031 // Nobody waits for it; the next map or the next check tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.MapNotUsed(_logger, e);
        }
        finally
        {
            _engineTurn.Release();
        }
    }

    private async Task FollowMapAsync()
    {
        await Task.Yield();
        var isNoted = false;
        try
        {
            await foreach (var update in _session.WatchMapAsync(_stopping.Token).ConfigureAwait(false))
            {
                await ApplyAsync(update).ConfigureAwait(false);
                if (!isNoted || update.Change.Self)
                {
                    isNoted = await NoteRegistrationAsync(update.Map).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>A store that fails must not end the node's listening to maps: it is tried again with the next.</summary>
    /// <returns>Whether the store has it.</returns>
    private async Task<bool> NoteRegistrationAsync(NetworkMap map)
    {
        try
        {
            var owner = map.OwnerOf(map.Self)?.LoginName ?? "";
            await _identity.NoteRegistrationAsync(map.Self.StableID, _options.ControlUrl, owner, _storing.Token).ConfigureAwait(false);
            NoteHealth(StateStorePart, "");
            return true;
        }
#pragma warning disable CA1031 // Stores are anybody's code, and what they hold may be anybody's too.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.StateNotWritten(_logger, e.Message);
            NoteHealth(StateStorePart, $"The node's state was not written: {e.Message}");
            return false;
        }
    }

    private void NoteHealth(string part, string error)
    {
        _session.ReportHealth(part, error);
        NoteChange();
    }

    private void NoteChange() => _revision.Set(new object());

    private async Task WaitUntilRunningAsync(CancellationToken cancellationToken)
    {
        var told = "";
        await foreach (var status in _session.WatchStatusAsync(cancellationToken).ConfigureAwait(false))
        {
            NoteChange();
            switch (status.State)
            {
                case ControlState.Running when status.IsConnected:
                    await WaitForMapAsync(cancellationToken).ConfigureAwait(false);
                    await WaitForRelayAsync(cancellationToken).ConfigureAwait(false);
                    _ = FollowStatusAsync();
                    return;
                case ControlState.NeedsLogin when status.AuthUrl.Length > 0 && status.AuthUrl != told:
                    told = status.AuthUrl;
                    (_options.LoginRequired ?? throw new TailnetNodeException($"A user has to log in at {told}; or give the node an auth key."))(new Uri(told));
                    break;
                case ControlState.NeedsLogin when status.AuthUrl.Length == 0 && status.Error.Length > 0:
                    throw new TailnetNodeException($"{_options.ControlUrl} does not let the node in: {status.Error}");
                case ControlState.NeedsMachineAuthorization:
                    Log.NeedsApproval(_logger, _options.ControlUrl);
                    break;
            }
        }

        throw new TailnetNodeException("The node was stopped before it joined the tailnet.");
    }

    private async Task WaitForMapAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _revision.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_map is not null)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Until peers can learn where to answer: a packet that no relay takes yet is lost, theirs as ours, and a handshake's is only repeated
    /// after 5 seconds.
    /// </summary>
    private async Task WaitForRelayAsync(CancellationToken cancellationToken)
    {
        if (_map!.DerpMap.Regions is not { Count: > 0 })
        {
            return;
        }

        using var patience = new CancellationTokenSource(RelayPatience, _options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await _engine.NetworkChecked.WaitAsync(limit.Token).ConfigureAwait(false);
            await _session.TellAllAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The node is part of the tailnet all the same, and goes on trying.
        }
    }

    private async Task FollowStatusAsync()
    {
        var told = "";
        try
        {
            await foreach (var status in _session.WatchStatusAsync(_stopping.Token).ConfigureAwait(false))
            {
                NoteChange();
                if (status.AuthUrl.Length > 0 && status.AuthUrl != told)
                {
                    told = status.AuthUrl;
                    Log.NeedsLogin(_logger, told);
                    TellLoginRequired(new Uri(told));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Who is told may fail without ending the node's watch over its status.</summary>
    private void TellLoginRequired(Uri page)
    {
        try
        {
            _options.LoginRequired?.Invoke(page);
        }
#pragma warning disable CA1031 // The caller's code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LoginNotTold(_logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7, LogLevel.Warning, "A listener cannot follow the node to {EndPoint}: {Reason}")]
        public static partial void NotFollowed(ILogger logger, System.Net.IPEndPoint endPoint, string reason);

        [LoggerMessage(6, LogLevel.Error, "Who is to be told that a user has to log in failed")]
        public static partial void LoginNotTold(ILogger logger, Exception error);

        [LoggerMessage(1, LogLevel.Information, "Stopped without waiting for all that was under way: {Reason}")]
        public static partial void StoppedInHaste(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The node's state was not written: {Reason}")]
        public static partial void StateNotWritten(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Warning, "An administrator of {ControlUrl} has to approve this machine")]
        public static partial void NeedsApproval(ILogger logger, Uri controlUrl);

        [LoggerMessage(5, LogLevel.Error, "A network map could not be used whole; the node goes on with what it has")]
        public static partial void MapNotUsed(ILogger logger, Exception error);

        [LoggerMessage(4, LogLevel.Warning, "A user has to log in at {Url}")]
        public static partial void NeedsLogin(ILogger logger, string url);
    }
}
