namespace Fairlead.Tailnet.Tests.PathMtu;

/// <summary>What routers do wrong about packets that are too large.</summary>
internal enum RouterFault
{
    None,

    /// <summary>They tell nobody: "fragmentation needed" and "packet too big" are filtered.</summary>
    Silence,

    /// <summary>They drop fragments.</summary>
    NoFragments,
}
