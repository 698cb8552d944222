using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Resources;

public sealed record ProxyClassStatus : ExtensibleRecord
{
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
