using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>How a peer is reached at the moment.</summary>
public sealed record PeerPathStatus
{
    public required NodePublicKey Node { get; init; }

    /// <summary>The direct address in use; none while all goes through the relay.</summary>
    public UdpAddress CurrentAddress { get; init; }

    /// <summary>Region whose relay is used, or would be used without a direct path; 0 for none.</summary>
    public int RelayRegion { get; init; }

    /// <summary>Whether something was sent within the last 45 seconds.</summary>
    public bool IsActive { get; init; }

    /// <summary>Round trip of the last answered ping on <see cref="CurrentAddress"/>; null if there was none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>When that answer came; null if there was none.</summary>
    public DateTimeOffset? LastPong { get; init; }

    public long BytesSentDirect { get; init; }

    public long BytesSentRelayed { get; init; }
}
