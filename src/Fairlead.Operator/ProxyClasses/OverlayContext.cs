namespace Fairlead.Operator.ProxyClasses;

/// <summary>What a class may do to a proxy depends on what the proxy is for.</summary>
public sealed record OverlayContext
{
    /// <summary>
    /// Whether the proxy can serve metrics. One that takes all traffic to its Pod's address, as egress proxies do, would forward the
    /// requests for them.
    /// </summary>
    public required bool ServesMetrics { get; init; }

    /// <summary>Whether the proxy can serve debug endpoints, which are a tailscaled's; otherwise as <see cref="ServesMetrics"/>.</summary>
    public required bool ServesDebug { get; init; }

    /// <summary>Whether the proxy serves HTTPS with a certificate of its own.</summary>
    public bool ServesHttps { get; init; }
}
