using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Nodes.Tsmp;

/// <summary>Answers peers' pings about the tunnel, sends our own, and takes their word for what they refuse; everything else goes on to the network stack or TUN device.</summary>
/// <param name="inside">Where other packets go.</param>
/// <param name="outside">Where answers go out.</param>
internal sealed class TsmpGate(IPacketReceiver inside, IPacketLink outside, TimeProvider time) : IPacketReceiver
{
    private readonly ConcurrentDictionary<ulong, Waiting> _waiting = new();
    private int _answered;

    /// <summary>Where this node serves its peer API; 0 while it does not.</summary>
    public ushort PeerApiPort { get; set; }

    /// <summary>Told of a connection, from here to there, that the peer behind "there" refuses: its filter drops what begins it.</summary>
    public Action<IPEndPoint, IPEndPoint>? Refused { get; init; }

    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (IsTsmp(packet))
        {
            Take(packet);
        }
        else
        {
            inside.Receive(packet);
        }
    }

    public void EndOfBatch()
    {
        inside.EndOfBatch();
        if (Volatile.Read(ref _answered) != 0 && Interlocked.Exchange(ref _answered, 0) != 0)
        {
            outside.Flush();
        }
    }

    /// <returns>The round-trip time, and where the peer serves its peer API if it says so.</returns>
    public async Task<(TimeSpan Latency, ushort PeerApiPort)> PingAsync(IPAddress source, IPAddress destination, CancellationToken cancellationToken)
    {
        var data = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var waiting = new Waiting(destination, time.GetTimestamp());
        _waiting[data] = waiting;
        try
        {
            Send(source, destination, data);
            return await waiting.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(data, out _);
        }
    }

    private static bool IsTsmp(ReadOnlySpan<byte> packet) =>
        packet.Length >= 20 && (packet[0] >> 4 == 4 ? packet[9] : packet.Length >= 40 ? packet[6] : 0) == IpProtocol.Tsmp;

    private void Send(IPAddress source, IPAddress destination, ulong data)
    {
        Span<byte> packet = stackalloc byte[TsmpMessage.MaxPacket];
        outside.Send(packet[..TsmpMessage.WritePing(packet, source, destination, data)]);
        outside.Flush();
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        if (!IpHeaders.TryRead(packet, out var headers) || !headers.IsTunnelMessage)
        {
            return;
        }

        // That the packet is from whom the connection is to, WireGuard has ensured.
        if (TsmpMessage.TryReadReject(headers.Payload, out var asking, out var refusing))
        {
            Refused?.Invoke(new IPEndPoint(MappedAddress.ToIPAddress(headers.Destination), asking), new IPEndPoint(MappedAddress.ToIPAddress(headers.Source), refusing));
            return;
        }

        if (!TsmpMessage.TryRead(headers.Payload, out var type, out var data, out var port))
        {
            return;
        }

        var source = MappedAddress.ToIPAddress(headers.Source);
        if (type == TsmpMessage.Pong)
        {
            if (_waiting.TryGetValue(data, out var waiting) && waiting.Destination.Equals(source))
            {
                waiting.Answer.TrySetResult((time.GetElapsedTime(waiting.Sent), port));
            }

            return;
        }

        Span<byte> answer = stackalloc byte[TsmpMessage.MaxPacket];
        outside.Send(answer[..TsmpMessage.WritePong(answer, MappedAddress.ToIPAddress(headers.Destination), source, data, PeerApiPort)]);
        Volatile.Write(ref _answered, 1);
    }

    private sealed record Waiting(IPAddress Destination, long Sent)
    {
        public TaskCompletionSource<(TimeSpan, ushort)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
