using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Relaying;
using Fairlead.Tailnet.Tun;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>
/// A node whose addresses are the system's, behind a TUN device: every program on the machine uses the tailnet. Only the address of MagicDNS
/// belongs to a small stack in this process.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class TunHost : INodeHost
{
    private readonly TunDevice _device;
    private readonly NetlinkRoutes _netlink;
    private readonly TunPump _pump;
    private readonly TcpConnectionOptions _connections;
    private readonly ILogger _logger;
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly HashSet<IPNetwork> _routes = [];

    /// <param name="tunnel">Where the system's packets go out.</param>
    /// <param name="connections">Of those that are dialled.</param>
    /// <param name="serve">Sets up MagicDNS on the stack that has its addresses.</param>
    /// <exception cref="IOException">The device cannot be made or set up.</exception>
    public TunHost(string name, IPacketLink tunnel, TcpConnectionOptions connections, TimeProvider time, ILogger logger, Action<NetworkStack> serve)
    {
        _connections = connections;
        _logger = logger;
        _device = TunDevice.Create(name);
        try
        {
            _netlink = new NetlinkRoutes(_device.Index);
            _netlink.BringUp(tunnel.Mtu);
            MagicDnsStack = new NetworkStack(new DeviceLink(_device, tunnel.Mtu), new NetworkStackOptions { TimeProvider = time });
            foreach (var address in AddressPlan.MagicDns)
            {
                MagicDnsStack.AddAddress(address);
            }

            serve(MagicDnsStack);
            _pump = new TunPump(_device, new MagicDnsSplit(MagicDnsStack, tunnel), logger);
        }
        catch
        {
            _netlink?.Dispose();
            _device.Dispose();
            throw;
        }
    }

    public IPacketReceiver Receiver => _pump;

    public NetworkStack Stack => throw new TailnetNodeException($"The node works through the TUN device {_device.Name}: programs listen and connect on the system's own sockets.");

    public bool HasStack => false;

    public NetworkStack MagicDnsStack { get; }

    public void Start() => _pump.Start();

    public void SetAddresses(IReadOnlyCollection<IPAddress> addresses)
    {
        Change(_addresses, addresses, _netlink.AddAddress, _netlink.RemoveAddress);

        // A route needs an address to send from; removing one takes its routes along.
        foreach (var network in _routes)
        {
            Try(() => _netlink.AddRoute(network));
        }
    }

    public void SetRoutes(IReadOnlyCollection<IPNetwork> networks)
    {
        // Everything of the tailnet's own ranges is in the first two routes.
        var wanted = AddressPlan.Tailnet.Concat(networks.Where(network => !AddressPlan.Tailnet.Any(own => own.Contains(network.BaseAddress)))).ToHashSet();
        if (wanted.RemoveWhere(network => network.PrefixLength == 0) > 0)
        {
            Log.NoExitNode(_logger, _device.Name);
        }

        Change(_routes, wanted, _netlink.AddRoute, _netlink.RemoveRoute);
    }

    public async ValueTask<Stream> ConnectTcpAsync(IPEndPoint remote, CancellationToken cancellationToken)
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            SystemKeepAlive.Use(_connections, socket);
            await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"{remote} cannot be connected to: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<TimeSpan> PingAsync(IPAddress destination, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var ping = new Ping();
        var reply = await ping.SendPingAsync(destination, timeout, cancellationToken: cancellationToken).ConfigureAwait(false);
        return reply.Status == IPStatus.Success
            ? TimeSpan.FromMilliseconds(reply.RoundtripTime)
            : throw new TimeoutException($"{destination} did not answer: {reply.Status}.");
    }

    public void Dispose()
    {
        _pump.Dispose();
        MagicDnsStack.Dispose();
        _netlink.Dispose();
        _device.Dispose();
    }

    private void Change<T>(HashSet<T> present, IReadOnlyCollection<T> wanted, Action<T> add, Action<T> remove)
    {
        foreach (var come in wanted.Except(present).ToArray())
        {
            if (Try(() => add(come)))
            {
                present.Add(come);
            }
        }

        foreach (var gone in present.Except(wanted).ToArray())
        {
            Try(() => remove(gone));
            present.Remove(gone);
        }
    }

    /// <summary>One address or route that the system refuses must not keep the others away.</summary>
    private bool Try(Action change)
    {
        try
        {
            change();
            return true;
        }
        catch (IOException e)
        {
            Log.Refused(_logger, e.Message);
            return false;
        }
    }

    /// <summary>From the stack in this process to the system.</summary>
    private sealed class DeviceLink(TunDevice device, int mtu) : IPacketLink
    {
        public int Mtu => mtu;

        public void Send(ReadOnlySpan<byte> packet) => device.Write(packet);

        public void Flush()
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The TUN device is not as the tailnet has it: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "An exit node cannot be used through the TUN device {Device}: the tunnel's own packets would go into it")]
        public static partial void NoExitNode(ILogger logger, string device);
    }
}
