namespace Fairlead.Tailscale.LocalApi;

/// <summary>The node of a <see cref="WhoIsReply"/>.</summary>
public sealed record WhoIsNode
{
    public long ID { get; init; }

    public string StableID { get; init => field = value ?? ""; } = "";

    /// <summary>MagicDNS name with trailing dot.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Prefixes of one address each.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }
}
