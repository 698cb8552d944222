namespace Fairlead.Proxy.Serving;

/// <summary>What a device that serves puts up with from its clients.</summary>
internal sealed record ServingLimits
{
    public static ServingLimits Default { get; } = new();

    /// <summary>
    /// Connections at a time, over all ports, divided fairly among peers: each takes a descriptor, and buffers while bytes go on. As many as the
    /// node forwards to a Service that is not served by a configuration.
    /// </summary>
    public int Connections { get; init; } = 4096;

    /// <summary>A TLS handshake that takes longer is an attack or a dead peer; an order of a certificate that a first one waits for goes on without it.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From a request's first byte to the end of its head; Kestrel's default, as nothing but a slow-request attack takes longer.</summary>
    public TimeSpan RequestHead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be without any request; Kestrel's default, a bit more than the two minutes after which clients close theirs.</summary>
    public TimeSpan IdleConnection { get; init; } = TimeSpan.FromSeconds(130);
}
