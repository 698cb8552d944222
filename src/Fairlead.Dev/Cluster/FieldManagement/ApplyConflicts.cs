using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>Fields an apply would change although other managers own them.</summary>
internal sealed class ApplyConflicts
{
    private readonly List<(ManagerIdentity Manager, FieldSet Fields)> _conflicts = [];

    private ApplyConflicts(IEnumerable<(ManagerIdentity, FieldSet)> conflicts) => _conflicts.AddRange(conflicts);

    public bool Any => _conflicts.Count > 0;

    public FieldSet Fields => _conflicts.Aggregate(new FieldSet(), (set, conflict) => set.Union(conflict.Fields));

    public static ApplyConflicts Find(ManagedFields managers, ManagerIdentity applier, FieldComparison changes)
    {
        var changed = changes.Modified.Union(changes.Added);
        return new ApplyConflicts(managers.Entries
            .Where(entry => entry.Key != applier)
            .Select(entry => (entry.Key, entry.Value.Fields.Intersection(changed)))
            .Where(conflict => !conflict.Item2.IsEmpty));
    }

    /// <summary>The conflicts that concern other fields.</summary>
    public ApplyConflicts Except(FieldSet allowed) => new(_conflicts
        .Select(c => (c.Manager, c.Fields.Difference(allowed)))
        .Where(c => !c.Item2.IsEmpty));

    /// <summary>The 409 that lists every field with its owner.</summary>
    public ApiStatusException ToException()
    {
        var causes = _conflicts
            .SelectMany(c => c.Fields.Paths().Select(path => new FieldError(
                FieldErrorType.FieldManagerConflict, PathElement.Describe(path), $"conflict with {c.Manager.Describe()}")))
            .OrderBy(cause => cause.Detail, StringComparer.Ordinal)
            .ToImmutableArray();
        return new ApiStatusException(409, "Conflict", Summarize(causes)) { Causes = causes };
    }

    private static string Summarize(ImmutableArray<FieldError> causes)
    {
        if (causes.Length == 1)
            return $"Apply failed with 1 conflict: {causes[0].Detail}: {causes[0].Field}";
        var groups = causes.GroupBy(cause => cause.Detail, StringComparer.Ordinal).Select(group =>
            $"{group.Key.Replace("conflict with", "conflicts with", StringComparison.Ordinal)}:\n{string.Join("\n", group.Select(c => "- " + c.Field))}");
        return $"Apply failed with {causes.Length} conflicts: {string.Join("\n", groups)}";
    }
}
