namespace Fairlead.Dev.Tailnet.Coordination.Registration;

/// <param name="User">Login name of who approved; null if it was refused.</param>
/// <param name="Refusal">Why it was refused.</param>
internal sealed record LoginDecision(string? User, string Refusal);
