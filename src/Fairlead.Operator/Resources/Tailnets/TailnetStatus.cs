using System.ComponentModel;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.Tailnets;

public sealed record TailnetStatus : ExtensibleRecord
{
    [ListMap("type")]
    [Description("TailnetReady says whether the credentials are good for the tailnet, and if not, what is wrong with them.")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
