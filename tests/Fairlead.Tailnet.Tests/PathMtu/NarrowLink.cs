namespace Fairlead.Tailnet.Tests.PathMtu;

/// <summary>Which link of a <see cref="NarrowTopology"/> has the least MTU that IPv6 allows, 1280 bytes.</summary>
internal enum NarrowLink
{
    None,

    /// <summary>The left node's own.</summary>
    AtTheHost,

    /// <summary>One between two routers, of which the nodes know nothing.</summary>
    BetweenRouters,
}
