using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>Evaluates <c>matchLabels</c> and <c>matchExpressions</c>.</summary>
internal static class LabelMatcher
{
    /// <summary>Whether the labels satisfy the selector; an empty selector matches all, an absent one none.</summary>
    public static bool Matches(JsonObject? selector, JsonObject? labels) => selector is not null &&
        Contains(labels, selector.Object("matchLabels")) && selector.Objects("matchExpressions").All(r => Satisfies(labels, r));

    /// <summary>Whether the labels hold every wanted pair.</summary>
    public static bool Contains(JsonObject? labels, JsonObject? wanted) =>
        wanted is null || wanted.All(w => labels.Text(w.Key) is { } value && value == w.Value.Text());

    public static bool IsEmpty(JsonObject? selector) =>
        selector is null || (selector.Object("matchLabels") is not { Count: > 0 } && selector.Array("matchExpressions") is not { Count: > 0 });

    private static bool Satisfies(JsonObject? labels, JsonObject requirement)
    {
        var value = labels.Text(requirement.Text("key") ?? "");
        return requirement.Text("operator") switch
        {
            "In" => value is not null && requirement.Texts("values").Contains(value),
            "NotIn" => value is null || !requirement.Texts("values").Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => false,
        };
    }
}
