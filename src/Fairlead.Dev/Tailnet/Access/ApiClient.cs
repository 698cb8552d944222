namespace Fairlead.Dev.Tailnet.Access;

/// <summary>An OAuth or federated client: who may obtain access tokens, and what these may do.</summary>
public sealed record ApiClient
{
    public required string Id { get; init; }

    /// <summary>Secret of an OAuth client; null for a federated one.</summary>
    public string? Secret { get; init; }

    /// <summary>What a federated client trusts; null for an OAuth client.</summary>
    public FederatedTrust? Trust { get; init; }

    /// <summary>See <see cref="Access.Scopes"/>.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Tags it acts as: it may give these, and the tags they own in the policy file.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public override string ToString() => $"{(Trust is null ? "OAuth" : "federated")} client {Id}";
}
