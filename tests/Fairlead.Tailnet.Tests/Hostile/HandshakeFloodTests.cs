using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Derp;
using Fairlead.Tailnet.Tests.Filtering;
using Fairlead.Tailnet.Tests.Nodes;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;
using Fairlead.Tailnet.WireGuard.Messages;

namespace Fairlead.Tailnet.Tests.Hostile;

/// <summary>A stranger who knows a node's key and address, and sends it more handshakes than it will work on.</summary>
public sealed class HandshakeFloodTests : NodeTest
{
    private const int FloodPerBurst = 40;

    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Sessions_go_on_and_a_peer_that_has_only_a_relay_still_gets_in()
    {
        var victim = await JoinAsync("victim");
        var known = await JoinAsync("known");
        var relayed = await JoinAsync("relayed", options => options with { RelayOnly = true });
        using var listener = victim.ListenTcp(80);
        await using var client = await known.DialAsync("victim", 80, Stop);
        await using var server = await listener.AcceptAsync(Stop);
        await Wait.UntilAsync("the victim's address is known", () => known.NetworkMap!.FindNode("victim")!.Endpoints.Count > 0);
        using var flooding = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var overload = new TaskCompletionSource();
        var flood = FloodAsync(known.NetworkMap!.FindNode("victim")!.Key, known.NetworkMap!.FindNode("victim")!.Endpoints, overload, flooding.Token);
        await overload.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        var entering = relayed.DialAsync("victim", 80, Stop);
        for (var round = 0; !entering.IsCompleted; round++)
        {
            await client.WriteAsync(new[] { (byte)round }, Stop);
            var echoed = new byte[1];
            await server.ReadExactlyAsync(echoed, Stop);
            Assert.Equal((byte)round, echoed[0]);
            await Task.WhenAny(entering, Task.Delay(BurstInterval, Stop));
        }

        await using var entered = await entering.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        await flooding.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flood);
        Assert.Equal("", relayed.Status.Peers.Single(peer => peer.HostName == "victim").CurrentAddress);
    }

    [Fact]
    public async Task Whose_handshake_came_through_a_relay_gets_its_cookie_through_the_relay()
    {
        var victim = (await JoinAsync("victim")).NetworkMap!.Self;
        var map = (await JoinAsync("known")).NetworkMap!.DerpMap;
        var region = map.Regions!.Keys.Single();
        using var key = NodePrivateKey.Generate();
        var initiation = InitiationOf(key, victim.Key);
        var observer = new RecordingObserver();
        await using var relay = new DerpClient(key, observer, new DerpClientOptions());
        relay.SetMap(map);
        relay.SetHome(region);
        await Wait.UntilAsync("the stranger is connected", () => relay.IsConnected(region));

        var answer = observer.NextPacketAsync();
        while (!answer.IsCompleted)
        {
            for (var sent = 0; sent < FloodPerBurst; sent++)
            {
                relay.Send(PathAddress.Relayed(region, victim.Key), initiation, initiation.Length);
            }

            await Task.WhenAny(answer, Task.Delay(BurstInterval, Stop));
        }

        var (from, reply) = await answer;
        Assert.Equal(PathAddress.Relayed(region, victim.Key), from);
        Assert.Equal(CookieReply.Size, reply.Length);
        Assert.Equal((byte)MessageType.CookieReply, reply[0]);
    }

    /// <param name="overload">Ends when the victim asks for a cookie, which it does only under load.</param>
    private static async Task FloodAsync(NodePublicKey victim, IReadOnlyList<IPEndPoint> endpoints, TaskCompletionSource overload, CancellationToken stop)
    {
        using var key = NodePrivateKey.Generate();
        var initiation = InitiationOf(key, victim);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = endpoints.First(endpoint => endpoint.AddressFamily == AddressFamily.InterNetwork);
        using var interval = new PeriodicTimer(BurstInterval);
        do
        {
            for (var sent = 0; sent < FloodPerBurst; sent++)
            {
                socket.SendTo(initiation, target);
            }

            if (socket.Available > 0)
            {
                overload.TrySetResult();
            }
        }
        while (await interval.WaitForNextTickAsync(stop));
    }

    private static byte[] InitiationOf(NodePrivateKey stranger, NodePublicKey victim)
    {
        var initiation = new Capture();
        using var device = new WireGuardDevice(new WireGuardOptions { PrivateKey = stranger }, initiation);
        device.SetPeer(new WireGuardPeer { Key = victim, AllowedNetworks = [IPNetwork.Parse("100.64.0.0/10")], Path = initiation });
        device.Send(IpPackets.Udp("100.64.0.99", 1, "100.64.0.1", 1));
        return initiation.Message;
    }

    /// <summary>Takes a stranger's first message, which is as good as any other before somebody has looked who sent it.</summary>
    private sealed class Capture : IPeerPath, IPacketReceiver
    {
        public byte[] Message { get; private set; } = [];

        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => Message = datagrams[..datagramSize].ToArray();

        public void Authenticated(in PathAddress from)
        {
        }

        public void Receive(ReadOnlySpan<byte> packet)
        {
        }

        public void EndOfBatch()
        {
        }
    }
}
