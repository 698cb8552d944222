namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>How a node found one of its endpoints.</summary>
public enum EndpointType
{
    Unknown = 0,

    /// <summary>Address of an interface.</summary>
    Local = 1,

    /// <summary>Seen by a STUN server.</summary>
    Stun = 2,

    /// <summary>Port mapped on the router.</summary>
    PortMapped = 3,

    /// <summary>IPv4 address seen by STUN, with the local port: a guess at a port forwarded by hand.</summary>
    Stun4LocalPort = 4,

    /// <summary>Configured.</summary>
    Explicit = 5,
}
