using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>The status of a CustomResourceDefinition: whether its names are free and its type is served.</summary>
public static class CustomResourceConditions
{
    /// <summary>
    /// The status the definition should have. Stored versions are kept; condition times change only when a condition does.
    /// </summary>
    /// <param name="others">All other definitions; names they have accepted are taken.</param>
    public static JsonObject StatusOf(JsonObject crd, IEnumerable<JsonObject> others, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(crd);
        ArgumentNullException.ThrowIfNull(others);
        var status = (JsonObject)(crd["status"] as JsonObject ?? []).DeepClone();
        var names = (crd["spec"] as JsonObject)?["names"] as JsonObject ?? [];
        var conflict = FindConflict(crd, names, others);
        var wasEstablished = ConditionStatus(status, "Established") == "True";
        if (conflict is null)
        {
            SetCondition(status, "NamesAccepted", "True", "NoConflicts", "no conflicts found", now);
            SetCondition(status, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now);
            status["acceptedNames"] = names.DeepClone();
        }
        else
        {
            SetCondition(status, "NamesAccepted", "False", conflict.Value.Reason, conflict.Value.Message, now);
            if (!wasEstablished)
                SetCondition(status, "Established", "False", "NotAccepted", "not all names are accepted", now);
        }

        return status;
    }

    /// <summary>True once the type is served.</summary>
    public static bool IsEstablished(JsonObject crd)
    {
        ArgumentNullException.ThrowIfNull(crd);
        return ConditionStatus(crd["status"] as JsonObject ?? [], "Established") == "True";
    }

    private static (string Reason, string Message)? FindConflict(JsonObject crd, JsonObject names, IEnumerable<JsonObject> others)
    {
        var group = Text(crd["spec"] as JsonObject ?? [], "group");
        var uid = Text(crd["metadata"] as JsonObject ?? [], "name");
        var taken = others
            .Where(other => Text(other["spec"] as JsonObject ?? [], "group") == group && Text(other["metadata"] as JsonObject ?? [], "name") != uid)
            .Select(other => (other["status"] as JsonObject)?["acceptedNames"] as JsonObject)
            .OfType<JsonObject>()
            .ToList();
        var resources = taken.SelectMany(ResourceNames).ToHashSet(StringComparer.Ordinal);
        var kinds = taken.SelectMany(KindNames).ToHashSet(StringComparer.Ordinal);
        foreach (var (reason, member) in (ReadOnlySpan<(string, string)>)[("PluralConflict", "plural"), ("SingularConflict", "singular")])
        {
            if (Text(names, member) is { } name && resources.Contains(name))
                return (reason, $"{JsonText.Quote(name)} is already in use");
        }

        if (Texts(names, "shortNames").FirstOrDefault(resources.Contains) is { } shortName)
            return ("ShortNamesConflict", $"{JsonText.Quote(shortName)} is already in use");
        foreach (var (reason, member) in (ReadOnlySpan<(string, string)>)[("KindConflict", "kind"), ("ListKindConflict", "listKind")])
        {
            if (Text(names, member) is { } kind && kinds.Contains(kind))
                return (reason, $"{JsonText.Quote(kind)} is already in use");
        }

        return null;
    }

    private static IEnumerable<string> ResourceNames(JsonObject names) =>
        [.. Texts(names, "shortNames"), Text(names, "plural") ?? "", Text(names, "singular") ?? ""];

    private static IEnumerable<string> KindNames(JsonObject names) => [Text(names, "kind") ?? "", Text(names, "listKind") ?? ""];

    private static string? ConditionStatus(JsonObject status, string type) => Find(status, type) is { } condition ? Text(condition, "status") : null;

    private static JsonObject? Find(JsonObject status, string type) =>
        (status["conditions"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(condition => Text(condition, "type") == type);

    private static void SetCondition(JsonObject status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        if (status["conditions"] is not JsonArray conditions)
            status["conditions"] = conditions = [];
        var condition = Find(status, type);
        if (condition is null)
            conditions.Add((JsonNode)(condition = new JsonObject { ["type"] = type }));
        if (Text(condition, "status") != value)
            condition["lastTransitionTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        condition["status"] = value;
        condition["reason"] = reason;
        condition["message"] = message;
    }
}
