using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Nodes.Metrics;

/// <summary>Counts what comes in for the tunnel, by the kind of path it came on.</summary>
internal sealed class InboundCounter(IDatagramReceiver next) : IDatagramReceiver
{
    /// <summary>As the user metrics of tailscaled name the kinds, in the order of the counts.</summary>
    public static readonly string[] Paths = ["direct_ipv4", "direct_ipv6", "derp"];

    private readonly long[] _packets = new long[Paths.Length];
    private readonly long[] _bytes = new long[Paths.Length];

    public long Packets(int path) => Interlocked.Read(ref _packets[path]);

    public long Bytes(int path) => Interlocked.Read(ref _bytes[path]);

    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        var path = from.IsDerp ? 2 : from.Udp.IsIPv4 ? 0 : 1;
        Interlocked.Increment(ref _packets[path]);
        Interlocked.Add(ref _bytes[path], datagram.Length);
        next.Receive(datagram, from);
    }

    public void EndOfBatch() => next.EndOfBatch();
}
