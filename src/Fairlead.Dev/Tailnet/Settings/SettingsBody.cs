namespace Fairlead.Dev.Tailnet.Settings;

internal sealed record SettingsBody
{
    public bool? AclsExternallyManagedOn { get; init; }

    public string? AclsExternalLink { get; init; }

    public bool? DevicesApprovalOn { get; init; }

    public bool? DevicesAutoUpdatesOn { get; init; }

    public int? DevicesKeyDurationDays { get; init; }

    public bool? UsersApprovalOn { get; init; }

    public string? UsersRoleAllowedToJoinExternalTailnets { get; init; }

    public bool? NetworkFlowLoggingOn { get; init; }

    public bool? RegionalRoutingOn { get; init; }

    public bool? PostureIdentityCollectionOn { get; init; }

    public bool? HttpsEnabled { get; init; }
}
