using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack.Crafted;

/// <summary>A stack whose peer is the test: packets are written by hand, and what the stack sends is looked at.</summary>
internal sealed class StackUnderTest : IPacketLink
{
    public const string Address = "100.64.0.1";
    public const string PeerAddress = "100.64.0.9";
    public const int Port = 80;
    public const int PeerPort = 9999;
    public const uint PeerInitial = 1_000_000;

    private readonly Queue<byte[]> _sent = new();

    public StackUnderTest(Func<NetworkStackOptions, NetworkStackOptions>? configure = null)
    {
        var options = World.Options;
        Stack = new NetworkStack(this, configure?.Invoke(options) ?? options);
        Stack.AddAddress(IPAddress.Parse(Address));
    }

    public SimulatedWorld World { get; } = new();

    public NetworkStack Stack { get; }

    public int Mtu => 1280;

    public int SentCount => _sent.Count;

    public void Send(ReadOnlySpan<byte> packet) => _sent.Enqueue(packet.ToArray());

    public void Flush()
    {
    }

    /// <summary>Gives packets to the stack as one batch, and lets what they cause happen.</summary>
    public void Receive(params byte[][] packets)
    {
        foreach (var packet in packets)
        {
            Stack.Receive(packet);
        }

        Stack.EndOfBatch();
        Pass(TimeSpan.Zero);
    }

    public void Receive(params Segment[] segments) => Receive([.. segments.Select(segment => segment.ToPacket())]);

    public void Pass(TimeSpan time) => World.RunFor(time);

    public byte[] NextPacket()
    {
        Assert.True(_sent.Count > 0, "The stack sent nothing.");
        return _sent.Dequeue();
    }

    /// <summary>The oldest segment the stack sent and that was not looked at.</summary>
    public Segment Next() => Segment.Parse(NextPacket());

    public void ExpectNothing() => Assert.Empty(_sent.Select(Segment.Parse));

    public void Forget() => _sent.Clear();

    /// <summary>Opens a connection from the test to a listener.</summary>
    /// <param name="options">Of the SYN.</param>
    public (TcpConnection Connection, CraftedPeer Peer) Accept(byte[]? options = null, TcpConnectionOptions? connection = null, int window = 65_535)
    {
        using var listener = Stack.ListenTcp(new IPEndPoint(IPAddress.Parse(Address), Port), new TcpListenOptions { Connection = connection ?? TcpConnectionOptions.Default });
        var accepting = listener.AcceptAsync().AsTask();
        options ??= [.. Segment.MssOption(1240), .. Segment.SackPermittedOption(), .. Segment.ScaleOption(7)];
        Receive(new Segment { Seq = PeerInitial, Flags = Segment.Syn, Options = options, Window = window });
        var answer = Next();
        Assert.Equal(Segment.Syn | Segment.Ack, answer.Flags);
        Assert.Equal(PeerInitial + 1, answer.AckNumber);
        var peer = new CraftedPeer(this, answer.Seq + 1, PeerInitial + 1) { Window = window, Timestamps = answer.Timestamps };
        peer.Send(options: answer.Timestamps is { } timestamps ? Segment.TimestampOption(timestamps.Echo, timestamps.Value) : null);
        Assert.True(accepting.IsCompleted);
        return (accepting.Result, peer);
    }
}
