namespace Fairlead.Tailnet.Filtering;

/// <summary>What is to happen to a packet from a peer, and why where it is dropped.</summary>
internal enum FilterVerdict
{
    /// <summary>A rule allows it, or it belongs to a conversation begun from here.</summary>
    Accept,

    /// <summary>No rule allows it.</summary>
    NotAllowed,

    /// <summary>The sender may not begin anything here, by order of the control server.</summary>
    JailedPeer,

    /// <summary>It is for an address that this node does not have.</summary>
    NotForUs,

    /// <summary>Headers that are cut short or contradict each other.</summary>
    Malformed,

    /// <summary>A fragment that would overlay the transport header of the first one.</summary>
    BadFragment,

    Multicast,

    LinkLocal,
}
