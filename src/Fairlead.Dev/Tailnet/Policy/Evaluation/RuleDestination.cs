namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <param name="Selector">Where to.</param>
/// <param name="Traffic">What may pass; empty where a rule only gives capabilities.</param>
internal sealed record RuleDestination(PolicySelector Selector, IReadOnlyList<AllowedTraffic> Traffic);
