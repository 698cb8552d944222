using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Nodes.Mapping;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Nodes;

/// <content>Connections in and out.</content>
public sealed partial class TailnetNode
{
    private readonly Dictionary<TailnetListener, Func<NetworkMap, IReadOnlyList<IPAddress>>> _listeners = [];

    /// <summary>Listens on a port of all the node's own addresses, whatever they become; those of services it hosts are others.</summary>
    /// <param name="port">0 for any free one.</param>
    /// <exception cref="SocketException">Someone listens there already.</exception>
    /// <exception cref="TailnetNodeException">The node works through a TUN device: programs listen on the system's own sockets.</exception>
    public TailnetListener ListenTcp(int port, TcpListenOptions? options = null) => Listen(map => AddressesOf(map.Self), port, options);

    /// <summary>Listens on a port of one address, which may be one that the node does not have, or no longer.</summary>
    /// <inheritdoc cref="ListenTcp(int, TcpListenOptions?)"/>
    public TailnetListener ListenTcp(IPEndPoint local, TcpListenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(local);
        return Listen(_ => [local.Address], local.Port, options);
    }

    /// <summary>Listens as text tells: <c>80</c> or <c>:80</c>, <c>100.64.0.1:80</c>, or <c>svc:web:443</c> for a Tailscale Service.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    /// <inheritdoc cref="ListenServiceAsync"/>
    public async Task<TailnetListener> ListenAsync(string where, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(where);
        var colon = where.LastIndexOf(':');
        if (!ushort.TryParse(where.AsSpan(colon + 1), out var port))
        {
            throw new FormatException($"'{where}' is none of <port>, <address>:<port> and svc:<name>:<port>.");
        }

        if (port == 0 && where.StartsWith("svc:", StringComparison.Ordinal))
        {
            throw new FormatException($"'{where}' names no port; those of a Service are 1 to 65535.");
        }

        return colon <= 0 ? ListenTcp(port)
            : where.StartsWith("svc:", StringComparison.Ordinal) ? await ListenServiceAsync(where[..colon], port, cancellationToken).ConfigureAwait(false)
            : IPEndPoint.TryParse(where, out var endPoint) ? ListenTcp(endPoint)
            : throw new FormatException($"'{where}' is none of <port>, <address>:<port> and svc:<name>:<port>.");
    }

    /// <summary>
    /// Offers to host a port of a Tailscale Service, and returns when the tailnet has approved it and connections can come in. The offer
    /// ends with the listener.
    /// </summary>
    /// <param name="service">Name as <c>svc:name</c>.</param>
    public async Task<TailnetListener> ListenServiceAsync(string service, int port, CancellationToken cancellationToken = default)
    {
        var withdraw = Serve(service, port, offers: true);
        try
        {
            await WaitForServiceAsync(service, cancellationToken).ConfigureAwait(false);
            return Listen(map => AddressesOf(map, service), port, null, withdraw);
        }
        catch
        {
            withdraw();
            throw;
        }
    }

    /// <summary>
    /// Listens on a port of a Tailscale Service for as long as this node hosts it, which <see cref="TailnetNodePreferences.AdvertiseServices"/>
    /// says: connections come in once the tailnet has approved that.
    /// </summary>
    /// <inheritdoc cref="ListenServiceAsync" path="/param"/>
    public TailnetListener ListenService(string service, int port)
    {
        var withdraw = Serve(service, port, offers: false);
        try
        {
            return Listen(map => AddressesOf(map, service), port, null, withdraw);
        }
        catch
        {
            withdraw();
            throw;
        }
    }

    /// <summary>
    /// Leads on what peers send to this node's own addresses, and its services', on ports that nothing here listens on: over the machine's
    /// sockets to wherever the function says. It replaces one that was given before; what is under way goes on.
    /// </summary>
    /// <param name="routeOf">Given the address and port that a peer asks for; null to refuse it. Called for each packet that begins a flow: it must not block.</param>
    /// <exception cref="TailnetNodeException">The node works through a TUN device: the kernel forwards there.</exception>
    public void LeadFlows(Func<IPEndPoint, FlowRoute?> routeOf)
    {
        ArgumentNullException.ThrowIfNull(routeOf);
        _engine.LeadFlows(routeOf);
    }

    /// <summary>Sends and receives datagrams.</summary>
    /// <param name="local">Port 0 chooses one; an unspecified address takes datagrams to all of that family.</param>
    /// <param name="remote">The only peer; null for any.</param>
    /// <inheritdoc cref="ListenTcp(int, TcpListenOptions?)" path="/exception"/>
    public UdpSocket ListenUdp(IPEndPoint local, IPEndPoint? remote = null) => _engine.Stack.BindUdp(local, remote);

    /// <inheritdoc cref="ListenUdp(IPEndPoint, IPEndPoint?)"/>
    public UdpSocket ListenUdp(int port) => ListenUdp(new IPEndPoint(IPAddress.IPv6Any, port));

    /// <summary>Opens a connection to a node, a service or a host behind a subnet router.</summary>
    /// <param name="host">A short or whole name, or an address.</param>
    /// <exception cref="TailnetNodeException">The name is unknown, or no peer leads to the address.</exception>
    /// <exception cref="IOException">The connection was refused or timed out; the <see cref="SocketException"/> inside says which.</exception>
    public async Task<Stream> DialAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _engine.Resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        var map = _map ?? throw new TailnetNodeException("The node is not part of a tailnet yet.");
        var reachable = addresses.Where(address => _engine.Routes.Reaches(map, address)).ToArray();
        if (reachable.Length == 0)
        {
            throw new TailnetNodeException(addresses.Count == 0
                ? $"The tailnet knows no host '{host}'."
                : $"No peer leads to {host}{(literal is null ? $" ({string.Join(", ", addresses)})" : "")}; subnets behind peers are used only if the node accepts routes.");
        }

        for (var i = 0; ; i++)
        {
            try
            {
                return await _engine.ConnectTcpAsync(new IPEndPoint(reachable[i], port), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (i + 1 < reachable.Length && e is IOException or SocketException)
            {
                // The next address of the host may be better.
            }
        }
    }

    /// <summary>Addresses of a host, in the order to try them; empty if it is unknown.</summary>
    /// <inheritdoc cref="DialAsync"/>
    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default) =>
        _engine.Resolver.ResolveAsync(host, cancellationToken);

    /// <summary>Tells the server of a port that is served; the result takes it back.</summary>
    private Action Serve(string service, int port, bool offers)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        if (!service.StartsWith("svc:", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{service}' is no service's name; they begin with 'svc:'.", nameof(service));
        }

        var ports = ProtoPortRange.Tcp((ushort)port);
        _offers.Add(service, ports, offers);
        _session.Describe(description => description with { Services = _offers.Current });
        return () =>
        {
            _offers.Remove(service, ports, offers);
            _session.Describe(description => description with { Services = _offers.Current });
        };
    }

    private static IReadOnlyList<IPAddress> AddressesOf(NetworkMap map, string service) => HostedServices.Of(map.Self).GetValueOrDefault(service, []);

    /// <param name="addressesOf">Where to listen, with any map.</param>
    private TailnetListener Listen(Func<NetworkMap, IReadOnlyList<IPAddress>> addressesOf, int port, TcpListenOptions? options, Action? disposed = null)
    {
        lock (_listeners)
        {
            var map = _map ?? throw new TailnetNodeException("The node is not part of a tailnet yet.");
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            var listener = new TailnetListener(_engine.Stack, addressesOf(map), port, options ?? new TcpListenOptions { Connection = _options.Connections }, Forget);
            _listeners.Add(listener, addressesOf);
            return listener;
        }

        void Forget(TailnetListener listener)
        {
            lock (_listeners)
            {
                _listeners.Remove(listener);
            }

            disposed?.Invoke();
        }
    }

    /// <summary>The map is in force from now on, for listeners too: a peer that learns a new address finds them there.</summary>
    private void UseMap(NetworkMap map)
    {
        lock (_listeners)
        {
            try
            {
                foreach (var (listener, addressesOf) in _listeners)
                {
                    listener.Follow(addressesOf(map), (endPoint, reason) => Log.NotFollowed(_logger, endPoint, reason.Message));
                }
            }
            finally
            {
                _map = map;
            }
        }
    }

    private void EndListeners()
    {
        TailnetListener[] all;
        lock (_listeners)
        {
            all = [.. _listeners.Keys];
        }

        foreach (var listener in all)
        {
            listener.Dispose();
        }
    }

    private async Task WaitForServiceAsync(string service, CancellationToken cancellationToken)
    {
        await foreach (var _ in _revision.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_map is { } map && AddressesOf(map, service).Count > 0)
            {
                return;
            }
        }

        throw new TailnetNodeException($"The node was stopped before {service} was approved.");
    }
}
