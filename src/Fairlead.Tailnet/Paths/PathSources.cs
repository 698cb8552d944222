namespace Fairlead.Tailnet.Paths;

/// <summary>Who named an address of a peer.</summary>
[Flags]
internal enum PathSources : byte
{
    None = 0,

    /// <summary>The coordination server.</summary>
    NetworkMap = 1,

    /// <summary>The peer, in its last call-me-maybe.</summary>
    CallMeMaybe = 2,

    /// <summary>A ping or a WireGuard message of the peer came from there.</summary>
    Heard = 4,
}
