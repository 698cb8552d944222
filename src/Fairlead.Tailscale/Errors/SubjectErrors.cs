namespace Fairlead.Tailscale.Errors;

/// <summary>One entry of an error's <c>data</c>.</summary>
/// <param name="Subject">Whom the errors are about: the API's <c>user</c>, or a test's source; may be empty.</param>
/// <param name="Errors">The errors in the API's words.</param>
public sealed record SubjectErrors(string Subject, IReadOnlyList<string> Errors);
