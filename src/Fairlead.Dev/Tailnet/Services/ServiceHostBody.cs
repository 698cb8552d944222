namespace Fairlead.Dev.Tailnet.Services;

/// <summary>A device that offers to host a service, in answers.</summary>
/// <param name="StableNodeID">Stable node id of the device.</param>
/// <param name="ApprovalLevel"><c>approved:auto</c>, <c>approved:manual</c> or <c>not-approved</c>.</param>
internal sealed record ServiceHostBody(string StableNodeID, string ApprovalLevel);
