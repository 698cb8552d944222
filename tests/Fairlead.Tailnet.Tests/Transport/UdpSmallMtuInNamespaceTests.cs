using System.Diagnostics;
using System.Net;
using Fairlead.Tailnet.Tests.Tun;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Transport;

/// <summary>On a loopback device with an MTU that a datagram does not fit; see <see cref="UdpSmallMtuTests"/>.</summary>
public sealed class UdpSmallMtuInNamespaceTests
{
    private const int Size = 1312;
    private const int Datagrams = 20;

    [Fact]
    public async Task A_destination_that_refuses_offload_gets_single_datagrams()
    {
        NetworkNamespace.RequireInside();
        using (var ip = Process.Start("ip", ["link", "set", "lo", "up", "mtu", "1280"]))
        {
            await ip.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var sender = new UdpTransport(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null });
        using var receiver = new UdpTransport(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null });
        var received = new RecordingReceiver();
        receiver.Start(received);
        var to = PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, receiver.Port));
        var batch = new byte[Size * Datagrams];
        new Random(1).NextBytes(batch);

        sender.Send(to, batch, Size);
        sender.Send(to, batch, Size);

        Assert.Equal([.. batch, .. batch], (await received.WaitForAsync(2 * Datagrams)).SelectMany(entry => entry.Datagram));
        Assert.Equal((1, 0), (sender.Statistics.OffloadRefusals, sender.Statistics.DroppedDatagrams));
    }
}
