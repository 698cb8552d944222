using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>An address at which a peer may be. Times are timestamps, 0 for never.</summary>
internal sealed class PathCandidate(UdpAddress address)
{
    private long _lastHeard;

    public UdpAddress Address { get; } = address;

    /// <summary>The same as a path, made once because it is used for every packet.</summary>
    public PathAddress Path { get; } = PathAddress.Direct(address);

    public PathSources Sources { get; set; }

    public long LastHeard
    {
        get => Volatile.Read(ref _lastHeard);
        set => Volatile.Write(ref _lastHeard, value);
    }

    public long LastPing { get; set; }

    public long LastPong { get; set; }

    /// <summary>Time of the first ping since the last pong.</summary>
    public long UnansweredSince { get; set; }

    /// <summary>Round trip of the last answered ping, in timestamp units.</summary>
    public long Latency { get; set; }
}
