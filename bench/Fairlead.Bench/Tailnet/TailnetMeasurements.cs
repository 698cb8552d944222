using Fairlead.Bench.Measurements;
using Fairlead.Bench.Tailnet.Nodes;

namespace Fairlead.Bench.Tailnet;

/// <summary>Every measurement there is, limits first. A new one is a line here.</summary>
internal static class TailnetMeasurements
{
    public static IReadOnlyList<IMeasurement> All { get; } =
    [
        new CipherLimit(),
        new HandshakeRate(),
        new UdpLimit(),
        new NetstackThroughput(),
        new DeviceThroughput(),
        new DeviceLatency(),
        new PeerFootprint(),
        new StreamThroughput(),
        new EchoLatency(),
        new ManyNodes(),
        new EmbeddedStart(),
    ];
}
