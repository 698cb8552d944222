using System.Text.Json;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>An entry of <c>acls</c> or <c>grants</c>: it only ever allows.</summary>
/// <param name="Sources">Who.</param>
/// <param name="Destinations">Where to, and what.</param>
/// <param name="Capabilities">Values of the application capabilities that sources have at the destinations.</param>
internal sealed record PolicyRule(
    IReadOnlyList<PolicySelector> Sources,
    IReadOnlyList<RuleDestination> Destinations,
    IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Capabilities);
