using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassStatus : ExtensibleRecord
{
    [ListMap("type")]
    [Description("ProxyClassReady says whether proxies can use the class, and if not, which fields are wrong.")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
