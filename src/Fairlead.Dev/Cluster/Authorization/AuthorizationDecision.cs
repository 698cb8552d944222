namespace Fairlead.Dev.Cluster.Authorization;

/// <param name="Allowed">Whether some rule allows the request.</param>
/// <param name="Reason">The rule that allowed it, or why none did.</param>
public sealed record AuthorizationDecision(bool Allowed, string Reason);
