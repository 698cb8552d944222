namespace Fairlead.Operator.Identity;

/// <summary>What becomes of the auth key in a replica's configuration.</summary>
public enum AuthKeyUse
{
    /// <summary>A new one is minted.</summary>
    Issue,

    /// <summary>The one that is there stays, or the lack of one.</summary>
    Keep,

    /// <summary>It goes: the device is registered, and would log in anew with the key where its state got lost.</summary>
    Omit,
}
