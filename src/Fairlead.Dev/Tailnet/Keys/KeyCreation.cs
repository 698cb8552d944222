namespace Fairlead.Dev.Tailnet.Keys;

/// <summary>The innermost object of a key's capabilities.</summary>
internal sealed record KeyCreation
{
    public bool Reusable { get; init; }

    public bool Ephemeral { get; init; }

    public bool Preauthorized { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }
}
