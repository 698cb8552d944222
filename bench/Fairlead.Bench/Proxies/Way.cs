namespace Fairlead.Bench.Proxies;

/// <summary>One of the ways to the same server.</summary>
internal enum Way
{
    /// <summary>Over the loopback device: nothing of a tailnet, nothing of a proxy.</summary>
    Loopback,

    /// <summary>Over the tailnet to a node of the server's own: what a proxy adds is the difference to this.</summary>
    Tailnet,

    /// <summary>Over the tailnet to the proxy, and from there over the loopback device.</summary>
    Proxy,
}
