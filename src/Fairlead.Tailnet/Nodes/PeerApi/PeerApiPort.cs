using System.Net;
using Fairlead.Tailnet.Protocol.Stun;

namespace Fairlead.Tailnet.Nodes.PeerApi;

/// <summary>The port that a node serves its peer API on: one that follows from its address, so that it stays the same.</summary>
internal static class PeerApiPort
{
    /// <summary>Ports to try before any free one.</summary>
    public const int Candidates = 5;

    public static ushort Of(IPAddress address, int attempt)
    {
        Span<byte> last = address.GetAddressBytes().AsSpan()[^3..];
        last[0] += (byte)attempt;
        return (ushort)(0x8000 | Crc32.Compute(last));
    }
}
