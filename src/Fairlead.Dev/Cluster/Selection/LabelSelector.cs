using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Selection;

/// <summary>A conjunction of conditions on labels; the empty selector matches everything.</summary>
internal sealed record LabelSelector(ImmutableArray<LabelRequirement> Requirements)
{
    public static readonly LabelSelector Everything = new([]);

    public bool Matches(ImmutableDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels))
                return false;
        }

        return true;
    }
}
