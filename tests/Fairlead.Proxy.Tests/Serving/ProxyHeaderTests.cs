using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ProxyHeaderTests : ServingTest
{
    [Fact]
    public async Task A_server_is_told_who_connects_by_either_version_in_either_family()
    {
        var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var listening = server;
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        Serve($$"""
            { "TCP": { "7001": { "TCPForward": "127.0.0.1:{{port}}", "ProxyProtocol": 1 }, "7002": { "TCPForward": "127.0.0.1:{{port}}", "ProxyProtocol": 2 } } }
            """);
        var laptop = await StartAsync();

        foreach (var address in laptop.Status.Peers.Single().Addresses)
        {
            foreach (var version in (int[])[1, 2])
            {
                await using var client = (TcpConnection)await laptop.DialAsync($"{address}", 7000 + version, Stop);
                using var accepted = await server.AcceptSocketAsync(Stop);
                await client.WriteAsync("hello"u8.ToArray(), Stop);
                byte[] expected = [.. version == 1 ? Text(client.LocalEndPoint, address, port) : Binary(client.LocalEndPoint, address, port), .. "hello"u8];
                var received = new byte[expected.Length];
                await using var stream = new NetworkStream(accepted);
                await stream.ReadExactlyAsync(received, Stop);

                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(received));
            }
        }
    }

    private static byte[] Text(IPEndPoint client, IPAddress own, int port) =>
        Encoding.ASCII.GetBytes($"PROXY {(own.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6")} {client.Address} {own} {client.Port} {port}\r\n");

    private static byte[] Binary(IPEndPoint client, IPAddress own, int port)
    {
        var isIPv4 = own.AddressFamily == AddressFamily.InterNetwork;
        var ports = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(ports, (ushort)client.Port);
        BinaryPrimitives.WriteUInt16BigEndian(ports.AsSpan(2), (ushort)port);
        return
        [
            0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21,
            isIPv4 ? (byte)0x11 : (byte)0x21, 0, isIPv4 ? (byte)12 : (byte)36,
            .. client.Address.GetAddressBytes(), .. own.GetAddressBytes(), .. ports,
        ];
    }
}
