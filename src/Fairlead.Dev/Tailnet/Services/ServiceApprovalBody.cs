namespace Fairlead.Dev.Tailnet.Services;

/// <summary>Whether a device may host a service.</summary>
internal sealed record ServiceApprovalBody
{
    public required bool Approved { get; init; }

    /// <summary>By the policy alone; only in answers.</summary>
    public bool? AutoApproved { get; init; }
}
