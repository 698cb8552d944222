using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.Connectors;

public sealed record ConnectorAppConnector : ExtensibleRecord
{
    [Schema(MinItems = 1)]
    [ElementSchema(Format = "cidr")]
    [Description("Networks of the applications that are known from the start; others are found out as their domains are asked for.")]
    public IReadOnlyList<string>? Routes { get; init; }
}
