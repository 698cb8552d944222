using System.Buffers.Binary;
using System.Collections.Concurrent;
using Fairlead.Tailnet.Netstack.Ip;

namespace Fairlead.Tailnet.Netstack.Icmp;

/// <summary>Sends echo requests and matches the replies.</summary>
internal sealed class EchoClient(StackServices services)
{
    private const int HeaderSize = 8;
    private const byte RequestV4 = 8;
    private const byte RequestV6 = 128;

    private readonly ConcurrentDictionary<uint, PendingEcho> _pending = new();

    /// <summary>Pings a host.</summary>
    /// <returns>The round-trip time.</returns>
    /// <exception cref="TimeoutException">No reply came in time.</exception>
    public async Task<TimeSpan> PingAsync(IpAddress destination, int size, TimeSpan timeout, CancellationToken cancellation)
    {
        var source = services.Addresses.SourceFor(destination);
        var echo = new PendingEcho(destination, services.Clock.Now);
        uint token;
        do
        {
            token = (uint)services.Random.NextInt();
        }
        while (!_pending.TryAdd(token, echo));

        try
        {
            Send(source, destination, token, size);
            var repliedAt = await echo.Reply.Task.WaitAsync(timeout, services.Clock.Time, cancellation).ConfigureAwait(false);
            return TimeSpan.FromMicroseconds(repliedAt - echo.SentAt);
        }
        finally
        {
            _pending.TryRemove(token, out _);
        }
    }

    public void Receive(in IpDatagram reply)
    {
        var token = BinaryPrimitives.ReadUInt32BigEndian(reply.Payload[4..]);
        if (_pending.TryGetValue(token, out var echo) && echo.Destination == reply.Source)
        {
            echo.RepliedAt = services.Clock.Now;
            services.Work.Run(echo);
        }
    }

    private void Send(in IpAddress source, in IpAddress destination, uint token, int size)
    {
        var ipHeader = IpOutput.HeaderSize(source);
        var packet = IpOutput.Scratch(ipHeader + HeaderSize + size);
        var message = packet[ipHeader..];
        message.Clear();
        message[0] = source.IsV4 ? RequestV4 : RequestV6;
        // Identifier and sequence number together tell requests apart.
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], token);
        IcmpLayer.Finish(services.Ip, packet, message, source, destination, services.Paths.MtuTo(destination, services.Ip.Mtu));
        services.Ip.Flush();
    }
}
