using System.Text.Json;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>An entry of <c>nodeAttrs</c>.</summary>
/// <param name="Targets">Which devices.</param>
/// <param name="Attributes">The capabilities they get, with their values: none for a plain attribute.</param>
internal sealed record NodeAttributeRule(
    IReadOnlyList<PolicySelector> Targets, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Attributes);
