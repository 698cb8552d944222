namespace Fairlead.Tailscale.Settings;

/// <summary>Settings of a tailnet. Null means: not told by the API, or, in a patch, left as it is.</summary>
public sealed record TailnetSettings
{
    public bool? AclsExternallyManagedOn { get; init; }

    public string? AclsExternalLink { get; init; }

    public bool? DevicesApprovalOn { get; init; }

    public bool? DevicesAutoUpdatesOn { get; init; }

    /// <summary>Lifetime of node keys in days.</summary>
    public int? DevicesKeyDurationDays { get; init; }

    public bool? UsersApprovalOn { get; init; }

    /// <summary><c>none</c>, <c>admin</c> or <c>member</c>.</summary>
    public string? UsersRoleAllowedToJoinExternalTailnets { get; init; }

    public bool? NetworkFlowLoggingOn { get; init; }

    public bool? RegionalRoutingOn { get; init; }

    public bool? PostureIdentityCollectionOn { get; init; }

    /// <summary>May devices get certificates for their names?</summary>
    public bool? HttpsEnabled { get; init; }
}
