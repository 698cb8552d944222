using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>A replica's request for another auth key.</summary>
/// <param name="FailedKey">The key with which it could not log in; null: it had none.</param>
public sealed record ReissueRequest(SecretText? FailedKey);
