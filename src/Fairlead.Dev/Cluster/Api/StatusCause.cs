namespace Fairlead.Dev.Cluster.Api;

/// <summary>A cause in <c>details.causes</c> that is not a field's violation.</summary>
public sealed record StatusCause(string Reason, string Message, string? Field = null);
