using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Simulation;
using Fairlead.Tailnet.Tests.Tun;
using Fairlead.Tailnet.Tun;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Tests.Netstack.Linux;

/// <summary>The stack against the one of the Linux kernel, with a TUN device between them.</summary>
[SupportedOSPlatform("linux")]
public sealed class LinuxInteropInNamespaceTests
{
    private const string SystemAddress = "100.64.0.1";
    private const string StackAddress = "100.64.0.2";
    private const string SystemAddressV6 = "fd7a:115c:a1e0::1";
    private const string StackAddressV6 = "fd7a:115c:a1e0::2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StackAddress, 0, 60_000_000)]
    [InlineData(StackAddressV6, 0, 60_000_000)]
    [InlineData(StackAddress, 0.03, 4_000_000)]
    public async Task A_socket_of_the_system_connects_and_both_directions_carry_their_bytes(string address, double loss, int bytes)
    {
        NetworkNamespace.RequireInside();
        using var bridge = new Bridge("flin%d", loss);
        using var listener = bridge.Stack.ListenTcp(new IPEndPoint(IPAddress.IPv6Any, 80));
        using var client = new TcpClient();
        var accepting = listener.AcceptAsync(Cancellation).AsTask();
        await client.ConnectAsync(IPAddress.Parse(address), 80, Cancellation);
        await using var server = await accepting;
        await ExchangeAsync(client, server, bytes);
    }

    [Theory]
    [InlineData(SystemAddress, 0, 60_000_000)]
    [InlineData(SystemAddressV6, 0, 60_000_000)]
    [InlineData(SystemAddress, 0.03, 4_000_000)]
    public async Task The_stack_connects_to_a_socket_of_the_system_and_both_directions_carry_their_bytes(string address, double loss, int bytes)
    {
        NetworkNamespace.RequireInside();
        using var bridge = new Bridge("flout%d", loss);
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var accepting = listener.AcceptTcpClientAsync(Cancellation).AsTask();
        await using var connection = await bridge.Stack.ConnectTcpAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken: Cancellation);
        using var system = await accepting;
        await ExchangeAsync(system, connection, bytes);
    }

    [Fact]
    public async Task A_reader_of_the_system_that_pauses_closes_the_window_and_opens_it_again()
    {
        NetworkNamespace.RequireInside();
        using var bridge = new Bridge("flzero%d", 0);
        using var listener = new TcpListener(IPAddress.Parse(SystemAddress), 0);
        listener.Start();
        var accepting = listener.AcceptTcpClientAsync(Cancellation).AsTask();
        await using var connection = await bridge.Stack.ConnectTcpAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken: Cancellation);
        using var system = await accepting;
        var transfer = SimulatedPair.TransferAsync(connection, connection.CloseWrite, new PausingStream(system.GetStream(), TimeSpan.FromSeconds(1)), 30_000_000, seed: 5);
        await transfer.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    [Fact]
    public async Task Closed_ports_pings_and_datagrams_are_answered_each_way()
    {
        NetworkNamespace.RequireInside();
        using var bridge = new Bridge("flmisc%d", 0);
        var refused = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Parse(StackAddress), 81, Cancellation);
        });
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await Assert.ThrowsAsync<IOException>(async () => await bridge.Stack.ConnectTcpAsync(SimulatedWorld.At(SystemAddress, 81), cancellationToken: Cancellation));

        await bridge.Stack.PingAsync(IPAddress.Parse(SystemAddress), TimeSpan.FromSeconds(5), 5000, Cancellation);
        await Wait.UntilAsync("the system's IPv6 address is in force", () => bridge.IsInForceV6);
        await bridge.Stack.PingAsync(IPAddress.Parse(SystemAddressV6), TimeSpan.FromSeconds(5), 5000, Cancellation);

        using var socket = bridge.Stack.BindUdp(new IPEndPoint(IPAddress.Any, 53));
        using var system = new UdpClient(new IPEndPoint(IPAddress.Parse(SystemAddress), 0));
        var data = new byte[9000];
        new Random(1).NextBytes(data);
        await system.SendAsync(data, SimulatedWorld.At(StackAddress, 53), Cancellation);
        var buffer = new byte[10_000];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        Assert.Equal(data, buffer[..received.Length]);
        socket.SendTo(data, received.RemoteEndPoint);
        Assert.Equal(data, (await system.ReceiveAsync(Cancellation)).Buffer);

        using var connected = bridge.Stack.BindUdp(new IPEndPoint(IPAddress.Any, 0), SimulatedWorld.At(SystemAddress, 5));
        connected.Send("x"u8);
        var unreachable = await Assert.ThrowsAsync<SocketException>(async () => await connected.ReceiveAsync(buffer, Cancellation));
        Assert.Equal(SocketError.ConnectionRefused, unreachable.SocketErrorCode);
    }

    private static async Task ExchangeAsync(TcpClient system, TcpConnection stack, int bytes)
    {
        var stream = system.GetStream();
        var there = SimulatedPair.TransferAsync(stream, () => system.Client.Shutdown(SocketShutdown.Send), stack, bytes, seed: 1);
        var back = SimulatedPair.TransferAsync(stack, stack.CloseWrite, stream, bytes, seed: 2);
        await Task.WhenAll(there, back).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    private sealed class Bridge : IDisposable
    {
        private readonly TunDevice _device;
        private readonly NetlinkRoutes _routes;
        private readonly TunPump _pump;

        public Bridge(string name, double loss)
        {
            _device = TunDevice.Create(name);
            _routes = new NetlinkRoutes(_device.Index);
            _routes.BringUp(1280);
            _routes.AddAddress(IPAddress.Parse(SystemAddress));
            _routes.AddAddress(IPAddress.Parse(SystemAddressV6));
            _routes.AddRoute(IPNetwork.Parse("100.64.0.0/10"));
            _routes.AddRoute(IPNetwork.Parse("fd7a:115c:a1e0::/48"));
            var toStack = new StackLink(loss, seed: 1);
            var toSystem = new SystemLink(loss, seed: 2);
            Stack = new NetworkStack(toSystem);
            Stack.AddAddress(IPAddress.Parse(StackAddress));
            Stack.AddAddress(IPAddress.Parse(StackAddressV6));
            toStack.Stack = Stack;
            _pump = new TunPump(_device, toStack, NullLogger.Instance);
            toSystem.Device = _pump;
            _pump.Start();
        }

        public NetworkStack Stack { get; }

        /// <summary>
        /// Linux gives an IPv6 address its local route from a work queue, some time after it was added: packets that come before are lost,
        /// which only TCP makes up for.
        /// </summary>
        public bool IsInForceV6
        {
            get
            {
                var route = $"{Convert.ToHexStringLower(IPAddress.Parse(SystemAddressV6).GetAddressBytes())} 80 ";
                return File.ReadLines("/proc/self/net/ipv6_route")
                    .Any(line => line.StartsWith(route, StringComparison.Ordinal) && line.EndsWith($" {_device.Name}", StringComparison.Ordinal));
            }
        }

        public void Dispose()
        {
            Stack.Dispose();
            _pump.Dispose();
            _routes.Dispose();
            _device.Dispose();
        }
    }
}
