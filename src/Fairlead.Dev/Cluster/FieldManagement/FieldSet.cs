namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>
/// A set of paths, as a tree. A node's path is in the set when it is a member; its children are the paths below. Path elements
/// are spelled as in FieldsV1 (<c>f:name</c>, <c>k:{…}</c>, <c>v:…</c>), so equal elements are equal text.
/// </summary>
internal sealed class FieldSet
{
    public bool IsMember { get; set; }

    public SortedDictionary<string, FieldSet> Children { get; } = new(StringComparer.Ordinal);

    /// <summary>True when no path is in the set.</summary>
    public bool IsEmpty => !IsMember && Children.Values.All(child => child.IsEmpty);

    public static FieldSet Leaf() => new() { IsMember = true };

    /// <summary>The set that holds one path per argument, each written as dotted field names.</summary>
    public static FieldSet OfFields(params IEnumerable<string> dottedPaths)
    {
        var set = new FieldSet();
        foreach (var path in dottedPaths)
        {
            var node = set;
            foreach (var name in path.Split('.'))
                node = node.Child(PathElement.Field(name));
            node.IsMember = true;
        }

        return set;
    }

    /// <summary>The child node, created when it is not there.</summary>
    public FieldSet Child(string element)
    {
        if (!Children.TryGetValue(element, out var child))
            Children.Add(element, child = new FieldSet());
        return child;
    }

    /// <summary>Hangs a subtree below an element, unless it is empty.</summary>
    public void Attach(string element, FieldSet child)
    {
        if (!child.IsEmpty)
            Children[element] = child;
    }

    public FieldSet Union(FieldSet? other) => Combine(this, other, static (a, b) => a || b);

    public FieldSet Difference(FieldSet? other) => Combine(this, other, static (a, b) => a && !b);

    public FieldSet Intersection(FieldSet? other) => Combine(this, other, static (a, b) => a && b);

    /// <summary>Without the members of <paramref name="other"/> and everything below them.</summary>
    public FieldSet RecursiveDifference(FieldSet other)
    {
        if (other.IsMember)
            return new FieldSet();
        var result = new FieldSet { IsMember = IsMember };
        foreach (var (element, child) in Children)
            result.Attach(element, other.Children.TryGetValue(element, out var removed) ? child.RecursiveDifference(removed) : child);
        return result;
    }

    public bool SetEquals(FieldSet other) => Difference(other).IsEmpty && other.Difference(this).IsEmpty;

    /// <summary>All members as lists of path elements: those of a level before those below it.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths()
    {
        foreach (var (element, child) in Children)
        {
            if (child.IsMember)
                yield return [element];
        }

        foreach (var (element, child) in Children)
        {
            foreach (var path in child.Paths())
                yield return [element, .. path];
        }
    }

    private static FieldSet Combine(FieldSet? a, FieldSet? b, Func<bool, bool, bool> member)
    {
        var result = new FieldSet { IsMember = member(a?.IsMember ?? false, b?.IsMember ?? false) };
        foreach (var element in (a?.Children.Keys ?? Enumerable.Empty<string>()).Union(b?.Children.Keys ?? Enumerable.Empty<string>()))
            result.Attach(element, Combine(a?.Children.GetValueOrDefault(element), b?.Children.GetValueOrDefault(element), member));
        return result;
    }
}
