using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Tun;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Tests.Tun;

[SupportedOSPlatform("linux")]
public sealed class TunDeviceInNamespaceTests
{
    [Fact]
    public async Task What_the_system_sends_to_a_route_arrives_and_what_is_written_reaches_a_socket()
    {
        NetworkNamespace.RequireInside();
        using var device = TunDevice.Create("fltest%d");
        using var routes = new NetlinkRoutes(device.Index);
        routes.BringUp(1280);
        routes.AddAddress(IPAddress.Parse("100.64.0.1"));
        routes.AddAddress(IPAddress.Parse("fd7a:115c:a1e0::1"));
        routes.AddRoute(IPNetwork.Parse("100.64.0.0/10"));
        routes.AddRoute(IPNetwork.Parse("fd7a:115c:a1e0::/48"));
        routes.AddRoute(IPNetwork.Parse("100.64.0.0/10"));
        var link = new RecordingLink();
        using var pump = new TunPump(device, link, NullLogger.Instance);
        pump.Start();

        using var four = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await four.SendToAsync("four"u8.ToArray(), IPEndPoint.Parse("100.64.0.2:7"), TestContext.Current.CancellationToken);
        var sent = await link.NextAsync(packet => packet[0] >> 4 == 4 && packet[9] == 17);
        Assert.Equal("four"u8, sent.AsSpan(28));
        using var six = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        await six.SendToAsync("six"u8.ToArray(), IPEndPoint.Parse("[fd7a:115c:a1e0::2]:7"), TestContext.Current.CancellationToken);
        var sentSix = await link.NextAsync(packet => packet[0] >> 4 == 6 && packet[6] == 17);
        Assert.Equal("six"u8, sentSix.AsSpan(48));

        // The same packet back, with its ends exchanged: checksums of both headers stay right.
        var port = BinaryPrimitives.ReadUInt16BigEndian(sent.AsSpan(20));
        var back = sent.ToArray();
        sent.AsSpan(16, 4).CopyTo(back.AsSpan(12));
        sent.AsSpan(12, 4).CopyTo(back.AsSpan(16));
        BinaryPrimitives.WriteUInt16BigEndian(back.AsSpan(20), 7);
        BinaryPrimitives.WriteUInt16BigEndian(back.AsSpan(22), port);
        pump.Receive(back);
        var buffer = new byte[64];
        var received = await four.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), TestContext.Current.CancellationToken);
        Assert.Equal("100.64.0.2:7", received.RemoteEndPoint.ToString());

        await four.SendToAsync(new byte[2000], IPEndPoint.Parse("100.64.0.2:7"), TestContext.Current.CancellationToken);
        Assert.InRange((await link.NextAsync(packet => packet[9] == 17)).Length, 1280 - 7, 1280);
        routes.RemoveRoute(IPNetwork.Parse("100.64.0.0/10"));
        routes.RemoveAddress(IPAddress.Parse("100.64.0.1"));
        var refused = await Assert.ThrowsAsync<SocketException>(() => four.SendToAsync("x"u8.ToArray(), IPEndPoint.Parse("100.64.0.3:7"), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(SocketError.NetworkUnreachable, refused.SocketErrorCode);
    }

    [Fact]
    public void A_name_that_is_taken_is_named()
    {
        NetworkNamespace.RequireInside();
        using var first = TunDevice.Create("fltaken");

        var refused = Assert.Throws<IOException>(() => TunDevice.Create("fltaken"));

        Assert.Contains("'fltaken'", refused.Message, StringComparison.Ordinal);
    }

    private sealed class RecordingLink : IPacketLink
    {
        private readonly System.Threading.Channels.Channel<byte[]> _packets = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();

        public int Mtu => 1280;

        public void Send(ReadOnlySpan<byte> packet) => _packets.Writer.TryWrite(packet.ToArray());

        public void Flush()
        {
        }

        public async Task<byte[]> NextAsync(Func<byte[], bool> wanted)
        {
            await foreach (var packet in _packets.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                if (wanted(packet))
                {
                    return packet;
                }
            }

            throw new InvalidOperationException("The device was closed.");
        }
    }
}
