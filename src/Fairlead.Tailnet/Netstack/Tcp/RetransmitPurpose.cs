namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What the one retransmission timer of a connection is armed for.</summary>
internal enum RetransmitPurpose : byte
{
    None,

    /// <summary>To repeat the SYN or its answer.</summary>
    Handshake,

    /// <summary>To probe for a loss at the tail.</summary>
    LossProbe,

    /// <summary>The retransmission time-out.</summary>
    Timeout,

    /// <summary>To ask for the window of a peer that closed it.</summary>
    WindowProbe,
}
