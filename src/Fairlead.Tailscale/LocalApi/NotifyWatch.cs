namespace Fairlead.Tailscale.LocalApi;

/// <summary>What a watch is told, beside changes. A daemon ignores the bits that it does not know.</summary>
[Flags]
public enum NotifyWatch
{
    None = 0,
    EngineUpdates = 1 << 0,
    InitialState = 1 << 1,
    InitialPreferences = 1 << 2,
    InitialNetworkMap = 1 << 3,
    NoPrivateKeys = 1 << 4,
    InitialHealth = 1 << 7,

    /// <summary>At most one notification in 3 s; not together with <see cref="PeerChanges"/>, <see cref="NoNetworkMap"/>, <see cref="InitialStatus"/> or <see cref="PeerPatches"/>.</summary>
    RateLimit = 1 << 8,
    PeerChanges = 1 << 12,

    /// <summary>Never the whole network map, which is large.</summary>
    NoNetworkMap = 1 << 13,
    InitialStatus = 1 << 14,
    PeerPatches = 1 << 15,
}
