using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Informers;

/// <summary>
/// Decides here, not at the API server, whether an object belongs to a scope: needed for the results of our own writes.
/// Field selectors other than name and namespace are not decidable here; such scopes admit nothing and wait for the watch.
/// </summary>
internal sealed class ScopeFilter
{
    private readonly string? _namespace;
    private readonly LabelRequirement[] _labels;
    private readonly string? _name;
    private readonly bool _undecidable;

    public ScopeFilter(InformerScope scope)
    {
        _namespace = scope.Namespace;
        _labels = LabelRequirement.ParseAll(scope.LabelSelector);
        foreach (var term in (scope.FieldSelector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = term.Split('=', 2);
            if (parts is ["metadata.name", var name])
            {
                _name = name.TrimStart('=');
            }
            else
            {
                _undecidable = true;
            }
        }
    }

    public bool Admits(IKubernetesObject value) =>
        !_undecidable
        && (_namespace is null || value.Metadata.Namespace == _namespace)
        && (_name is null || value.Metadata.Name == _name)
        && Array.TrueForAll(_labels, requirement => requirement.Matches(value.Metadata.Labels));
}
