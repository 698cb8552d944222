namespace Fairlead.Tailscale.Authentication;

/// <param name="Secret">The bearer token.</param>
/// <param name="Version">The credentials' version it was obtained with.</param>
/// <param name="RefreshAt">From here on a new one is asked for.</param>
/// <param name="ExpiresAt">From here on it is of no use.</param>
internal sealed record AccessToken(SecretText Secret, string Version, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt);
