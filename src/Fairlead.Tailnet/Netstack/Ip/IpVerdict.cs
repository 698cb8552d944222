namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>What a look at an IP packet's headers came to.</summary>
internal enum IpVerdict
{
    /// <summary>Not a packet this stack takes: dropped without an answer.</summary>
    Malformed,

    /// <summary>A whole datagram for the layer above.</summary>
    Deliver,

    /// <summary>A piece of one.</summary>
    Fragment,

    /// <summary>Well formed, and has no content.</summary>
    Nothing,
}
