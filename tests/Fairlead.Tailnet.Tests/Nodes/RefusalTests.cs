using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes.Engine;
using Fairlead.Tailnet.Nodes.Tsmp;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Tests.Filtering;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>A peer whose filter drops a connection may say so, in a message about the tunnel.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string Us = "100.64.0.1";
    private const string Peer = "100.64.0.2";

    private readonly SentPackets _sent = new();
    private readonly StackHost _host;
    private readonly TsmpGate _gate;

    public RefusalTests()
    {
        _host = new StackHost(_sent, TcpConnectionOptions.Default, TimeProvider.System);
        _host.SetAddresses([IPAddress.Parse(Us)]);
        _gate = new TsmpGate(_host.Receiver, _sent, TimeProvider.System) { Refused = _host.Stack.Refused };
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_connection_that_the_peer_refuses_fails_at_once()
    {
        var dialing = DialAsync();
        var port = await PortAsync();

        Refuse(Peer, port, 80);

        var failed = await Assert.ThrowsAsync<IOException>(() => dialing.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(failed.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Another_peers_word_another_ports_and_one_of_a_fault_that_may_pass_end_nothing()
    {
        var dialing = DialAsync();
        var port = await PortAsync();

        Refuse("100.64.0.3", port, 80);
        Refuse(Peer, port, 81);
        Refuse(Peer, (ushort)(port ^ 1), 80);
        Refuse(Peer, port, 80, 1);
        _gate.Receive(IpPackets.Packet(Peer, Us, 99, [(byte)'!', 6, (byte)'A', 0]));

        Assert.False(dialing.IsCompleted);
        Refuse(Peer, port, 80, 0);
        await Assert.ThrowsAsync<IOException>(() => dialing.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    private Task<Stream> DialAsync() => _host.ConnectTcpAsync(IPEndPoint.Parse($"{Peer}:80"), TestContext.Current.CancellationToken).AsTask();

    private async Task<ushort> PortAsync()
    {
        await Wait.UntilAsync("the first segment is out", () => _sent.Port != 0);
        return _sent.Port;
    }

    private void Refuse(string source, ushort asking, ushort refusing, params byte[] flags)
    {
        _gate.Receive(IpPackets.Packet(source, Us, 99, [(byte)'!', 6, (byte)'A', (byte)(asking >> 8), (byte)asking, (byte)(refusing >> 8), (byte)refusing, .. flags]));
        _gate.EndOfBatch();
    }

    private sealed class SentPackets : IPacketLink
    {
        private volatile ushort _port;

        /// <summary>From which the first segment went out.</summary>
        public ushort Port => _port;

        public int Mtu => 1280;

        public void Send(ReadOnlySpan<byte> packet) => _port = (ushort)((packet[20] << 8) | packet[21]);

        public void Flush()
        {
        }
    }
}
