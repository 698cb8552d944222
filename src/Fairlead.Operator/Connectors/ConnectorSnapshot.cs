using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources.Connectors;

namespace Fairlead.Operator.Connectors;

/// <summary>Everything the plan for one Connector depends on.</summary>
public sealed record ConnectorSnapshot
{
    public required Connector Connector { get; init; }

    public required OperatorSettings Settings { get; init; }

    public required ProxyChildren Children { get; init; }

    public ProxyClassChoice ProxyClass { get; init; } = ProxyClassChoice.None;

    /// <summary>Name for the proxy's objects where none exist yet.</summary>
    public required string ProxyName { get; init; }

    /// <summary>The tailnet that the devices join.</summary>
    public required TailnetChoice Tailnet { get; init; }

    public required DateTimeOffset Now { get; init; }
}
