namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>How a router translates addresses, and what it lets in (RFC 4787's terms).</summary>
internal enum NatKind
{
    /// <summary>Endpoint-independent mapping, address- and port-dependent filtering: what most homes have.</summary>
    Easy,

    /// <summary>As <see cref="Easy"/>, with other ports outside than a moment ago.</summary>
    EasyElsewhere,

    /// <summary>Endpoint-independent mapping and filtering, for the node's port.</summary>
    Open,

    /// <summary>Address- and port-dependent mapping: each destination sees another, random port.</summary>
    Hard,

    /// <summary>No UDP passes.</summary>
    NoUdp,
}
