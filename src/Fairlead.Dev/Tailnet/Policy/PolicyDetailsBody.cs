namespace Fairlead.Dev.Tailnet.Policy;

/// <summary>Answer to <c>?details=1</c>.</summary>
/// <param name="Acl">The policy in base64.</param>
/// <param name="Warnings">What is not as one may think.</param>
/// <param name="Errors">Never any: a wrong policy is not taken.</param>
internal sealed record PolicyDetailsBody(string Acl, IReadOnlyList<string> Warnings, IReadOnlyList<string> Errors);
