namespace Fairlead.Dev.Tailnet.Access;

/// <summary>What an access token stands for.</summary>
/// <param name="ClientId">Whom it was given to.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Tags">Whom it acts as.</param>
/// <param name="ExpiresAt">From here on it is refused.</param>
public sealed record AccessGrant(string ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Tags, DateTimeOffset ExpiresAt);
