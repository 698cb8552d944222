using System.Collections.Immutable;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Everything the plan for one ProxyClass depends on.</summary>
public sealed record ProxyClassSnapshot
{
    public required ProxyClass Class { get; init; }

    /// <summary>The classes that are ready, perhaps this one among them.</summary>
    public ImmutableArray<ProxyClass> ReadyClasses { get; init; } = [];

    /// <summary>Whether ServiceMonitors are defined; null: unknown or of no interest.</summary>
    public bool? ServiceMonitorsInstalled { get; init; }

    /// <summary>The cluster's node ports; null: unknown or of no interest.</summary>
    public PortRange? ClusterNodePorts { get; init; }

    public required DateTimeOffset Now { get; init; }
}
