using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Control.ControlToNode;
using Fairlead.Tailnet.Control.Description;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Control.Pings;
using Fairlead.Tailnet.Control.Registration;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Tokens;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Timing;

namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>
/// A node's standing with its coordination server, kept up as long as the session lives: registers, follows the map, tells what changes
/// about the node, answers the server's requests, and begins anew after every failure. Nobody who watches can hold it up. Safe to use
/// from several threads.
/// </summary>
public sealed partial class ControlSession : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ControlSessionOptions _options;
    private readonly ControlRequests _requests;
    private readonly NodeKeyRenewal _renewal;
    private readonly NodeRegistrar _registrar;
    private readonly NodeUpdates _updates;
    private readonly HealthReports _health;
    private readonly PingAnswers _pings;
    private readonly BackOff _backOff;
    private readonly MapSession _mapSession = new();
    private readonly Latest<NetworkMap?> _map = new(null);
    private readonly Latest<ControlStatus> _status = new(new ControlStatus());
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile NodePrivateKey _nodeKey;
    private volatile string _authKey;
    private volatile TaskCompletionSource _wake = NewWake();

    private ControlSession(ControlSessionOptions options)
    {
        _options = options;
        _nodeKey = options.NodeKey;
        _authKey = options.AuthKey;
        _requests = new ControlRequests(options.Connection, options.Time);
        _renewal = new NodeKeyRenewal(options.NodeKeyPending, options.PendingNodeKey);
        _registrar = new NodeRegistrar(_requests, _renewal, options.Time, options.Random);
        _updates = new NodeUpdates(_requests, options.Description, options.Time, options.Random, options.Logger);
        _health = new HealthReports(_requests, options.Time, options.Random, options.Logger);
        var server = new ControlToNodeServer(options.Routes.Concat(BuiltInRoutes.Of(this)), options.Logger);
        _pings = new PingAnswers(_requests, server, options.Pinger, options.PlainHttp ?? PlainHttp.Shared, options.Time, options.Logger);
        _backOff = new BackOff(FirstWait, LongestWait, options.Random);
        _running = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <summary>The newest map, or null before the first.</summary>
    public NetworkMap? Map => _map.Value;

    public ControlStatus Status => _status.Value;

    /// <summary>By how much the server's clock was ahead of ours when it last told; null before.</summary>
    public TimeSpan? ClockSkew => Interlocked.Read(ref _clockSkewTicks) is var ticks && ticks == NoClockSkew ? null : TimeSpan.FromTicks(ticks);

    public NodePublicKey NodeKey => _nodeKey.PublicKey;

    /// <summary>What the server is, or will be, told about the node.</summary>
    public NodeDescription Description => _updates.Description;

    /// <summary>Begins at once, and returns at once.</summary>
    public static ControlSession Start(ControlSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ControlSession(options);
    }

    /// <summary>The present map, if any, and then the newest one after changes: a slow watcher gets fewer, and no change is missed. Ends with the session.</summary>
    public async IAsyncEnumerable<NetworkMapUpdate> WatchMapAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        NetworkMap? last = null;
        await foreach (var map in _map.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (map is null || NetworkMapChange.Between(last, map) is not { IsEmpty: false } change) continue;
            last = map;
            yield return new NetworkMapUpdate(map, change);
        }
    }

    /// <summary>The present status, and then the newest after changes. Ends with the session.</summary>
    public IAsyncEnumerable<ControlStatus> WatchStatusAsync(CancellationToken cancellationToken = default) => _status.WatchAsync(cancellationToken);

    /// <summary>Changes what the server is told about the node. Equal descriptions are not told twice.</summary>
    public void Describe(Func<NodeDescription, NodeDescription> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _updates.Change(change);
    }

    /// <summary>What is wrong with parts of the node, as <see cref="ReportHealth"/> was told.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Health => _health.Errors;

    /// <summary>Tells the server what is wrong with a part of the node.</summary>
    /// <param name="part">Its name, e.g. <c>state-store</c>.</param>
    /// <param name="error">Without secrets; empty once it is well again.</param>
    public void ReportHealth(string part, string error)
    {
        ArgumentException.ThrowIfNullOrEmpty(part);
        ArgumentNullException.ThrowIfNull(error);
        _health.Set(part, ServerText.Clean(error));
    }

    /// <summary>Returns when the server knows all that has been described so far.</summary>
    public Task TellAllAsync(CancellationToken cancellationToken) => _updates.TellAllAsync().WaitAsync(cancellationToken);

    /// <summary>Uses another auth key from now on, and at once if a registration was refused.</summary>
    public void UseAuthKey(string authKey)
    {
        ArgumentNullException.ThrowIfNull(authKey);
        _authKey = authKey;
        Wake();
    }

    /// <summary>Gives up the connection and makes a new one at once. For when the network changed.</summary>
    public void Reconnect()
    {
        _options.Connection.Reconnect();
        Wake();
    }

    /// <summary>Publishes a record to prove a name to a certificate authority; returns when it can be seen, which may take minutes.</summary>
    /// <param name="name"><c>_acme-challenge.</c> and one of <see cref="DnsConfig.CertDomains"/>.</param>
    /// <exception cref="ControlServerException">Refused.</exception>
    /// <exception cref="IOException">The connection failed.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    public Task SetDnsAsync(string name, string value, CancellationToken cancellationToken)
    {
        var request = new SetDnsRequest { Version = CapabilityVersion.Current, NodeKey = NodeKey, Name = name, Type = "TXT", Value = value };
        return _requests.PostAsync<SetDnsRequest, SetDnsResponse>("/machine/set-dns", request, cancellationToken, NodeKey);
    }

    /// <summary>A token, signed by the server, that says who the node is.</summary>
    /// <param name="audience">For whom.</param>
    /// <inheritdoc cref="SetDnsAsync"/>
    public async Task<string> GetIdTokenAsync(string audience, CancellationToken cancellationToken)
    {
        var request = new TokenRequest { CapVersion = CapabilityVersion.Current, NodeKey = NodeKey, Audience = audience };
        var response = await _requests.PostAsync<TokenRequest, TokenResponse>("/machine/id-token", request, cancellationToken, NodeKey).ConfigureAwait(false);
        return response.IDToken;
    }

    /// <summary>Ends the node: the server forgets its key, and an ephemeral node altogether. The session ends with it, even if the server cannot be told.</summary>
    /// <exception cref="RegistrationException">The server refused.</exception>
    /// <exception cref="TimeoutException">The server gave no answer.</exception>
    /// <inheritdoc cref="SetDnsAsync"/>
    public async Task LogoutAsync(CancellationToken cancellationToken)
    {
        await StopAsync().ConfigureAwait(false);
        _status.Update(status => status with { State = ControlState.LoggedOut, IsConnected = false, AuthUrl = "", Error = "" });
        _status.Complete();
        await _registrar.LogoutAsync(NodeKey, Description.CompleteHostinfo, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the session; the node stays registered.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _status.Complete();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested) await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await _updates.EndAsync().ConfigureAwait(false);
        await _health.EndAsync().ConfigureAwait(false);
        _map.Complete();
    }

    private void Wake() => _wake.TrySetResult();
}
