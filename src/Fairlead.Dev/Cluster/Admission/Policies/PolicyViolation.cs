namespace Fairlead.Dev.Cluster.Admission.Policies;

/// <param name="Message">Why the request does not satisfy the policy.</param>
/// <param name="Reason"><c>Invalid</c>, <c>Forbidden</c>, <c>Unauthorized</c> or <c>RequestEntityTooLarge</c>.</param>
internal sealed record PolicyViolation(string Message, string Reason);
