using System.Collections.Immutable;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.Proxies;

/// <summary>One standalone proxy, as its parent asks for it.</summary>
public sealed record ProxySpec
{
    /// <summary>Name of the headless Service and the StatefulSet; see <see cref="ProxyNames"/>.</summary>
    public required string Name { get; init; }

    public required ProxyParent Parent { get; init; }

    public required string ParentUid { get; init; }

    public required ProxyTarget Target { get; init; }

    /// <summary>Ports of the cluster's side on which an unprivileged egress proxy listens.</summary>
    public ImmutableArray<EgressPort> EgressPorts { get; init; } = [];

    /// <summary>Name of the device on the tailnet.</summary>
    public required string Hostname { get; init; }

    /// <summary>Tags of a new device; they have no effect on one that exists.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>Class that shapes the proxy; null: none.</summary>
    public ProxyClass? Class { get; init; }
}
