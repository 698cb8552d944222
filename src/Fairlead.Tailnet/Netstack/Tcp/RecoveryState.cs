namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What the sender does about losses.</summary>
internal enum RecoveryState : byte
{
    /// <summary>None are known.</summary>
    Open,

    /// <summary>Fast recovery: the window is brought down in proportion to what arrives.</summary>
    Recovery,

    /// <summary>After a time-out: slow start from one segment.</summary>
    Loss,
}
