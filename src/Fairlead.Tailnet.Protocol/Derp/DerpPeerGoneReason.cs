namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>Why a relay cannot reach a node.</summary>
public enum DerpPeerGoneReason : byte
{
    /// <summary>It was connected and has left.</summary>
    Disconnected = 0,

    /// <summary>It is not connected to this relay.</summary>
    NotHere = 1,
}
