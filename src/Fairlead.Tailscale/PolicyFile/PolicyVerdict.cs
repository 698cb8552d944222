using Fairlead.Tailscale.Errors;

namespace Fairlead.Tailscale.PolicyFile;

/// <summary>What the API thinks of a policy.</summary>
/// <param name="Message">What is wrong in general; empty if nothing is.</param>
/// <param name="Findings">Failed tests and the like.</param>
public sealed record PolicyVerdict(string Message, IReadOnlyList<SubjectErrors> Findings)
{
    public bool IsValid => Message.Length == 0 && Findings.Count == 0;
}
