using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources.Admission;

public sealed record ParamRef : ExtensibleRecord
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public LabelSelector? Selector { get; init; }

    public string? ParameterNotFoundAction { get; init; }
}
