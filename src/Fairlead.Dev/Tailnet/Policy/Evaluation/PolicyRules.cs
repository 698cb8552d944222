namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>A policy file, read: immutable, and the same for every device.</summary>
internal sealed record PolicyRules
{
    public required IReadOnlyList<PolicyRule> Rules { get; init; }

    public required IReadOnlyList<NodeAttributeRule> NodeAttributes { get; init; }

    public required AutoApprovers AutoApprovers { get; init; }

    /// <summary>Who may give which tag.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PolicySelector>> TagOwners { get; init; }

    /// <summary>What the file says that has no effect here.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Reads further selectors with the names this policy defines.</summary>
    public required SelectorReader Selectors { get; init; }

    /// <summary>May a device's owner, or a device or key with tags, give this tag?</summary>
    /// <param name="owner">As a device: its user, or its tags.</param>
    public bool MayGive(string tag, PolicyNode owner) =>
        TagOwners.TryGetValue(tag, out var owners) && (owner.Tags.Contains(tag) || owners.Any(o => o.Names(owner)));
}
