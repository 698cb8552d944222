using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Everything the plan for one Service depends on.</summary>
public sealed record ServiceSnapshot
{
    public required Service Service { get; init; }

    public required OperatorSettings Settings { get; init; }

    public required ProxyChildren Children { get; init; }

    public ProxyClassChoice ProxyClass { get; init; } = ProxyClassChoice.None;

    /// <summary>Name for the proxy's objects where none exist yet.</summary>
    public required string ProxyName { get; init; }

    /// <summary>
    /// Whether the ProxyGroup exists to which a Service with a proxy of its own is to be given; null where that could not be found out, and
    /// where nothing depends on it.
    /// </summary>
    public bool? ProxyGroupExists { get; init; }

    public required DateTimeOffset Now { get; init; }
}
