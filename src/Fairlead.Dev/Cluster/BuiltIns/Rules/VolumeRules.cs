using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What the volumes of a Pod must satisfy.</summary>
internal static class VolumeRules
{
    private const int MaxFileMode = 511;

    /// <summary>Checks the volumes and yields the names that containers may mount.</summary>
    public static IReadOnlySet<string> Check(JsonObject spec, string path, Problems problems)
    {
        var names = new HashSet<string>();
        foreach (var (i, volume) in spec.Indexed("volumes"))
        {
            var at = $"{path}.volumes[{i}]";
            if (volume.Text("name") is not { Length: > 0 } name)
                problems.RequiredText(volume, at, "name");
            else if (Names.DnsLabel(name) is { } fault)
                problems.Invalid($"{at}.name", name, fault);
            else if (!names.Add(name))
                problems.Duplicate($"{at}.name", name);

            CheckSource(volume, at, problems);
        }

        return names;
    }

    /// <summary>What is wrong with a path below a volume, or null.</summary>
    public static string? RelativePathFault(string path) => path.StartsWith('/') ? "must be a relative path" :
        path.Split('/').Contains("..") ? "must not contain '..'" : null;

    private static void CheckSource(JsonObject volume, string path, Problems problems)
    {
        var sources = volume.Where(m => m.Key != "name" && m.Value is JsonObject).Select(m => m.Key).ToList();
        foreach (var second in sources.Skip(1))
            problems.Forbidden($"{path}.{second}", "may not specify more than 1 volume type");

        foreach (var (member, required) in (ReadOnlySpan<(string, string)>)
            [("secret", "secretName"), ("configMap", "name"), ("persistentVolumeClaim", "claimName"), ("hostPath", "path"), ("nfs", "server"), ("csi", "driver")])
        {
            if (volume.Object(member) is not { } source)
                continue;
            if (source[required] is null or JsonValue && source.Text(required) is null or "")
                problems.Required($"{path}.{member}.{required}");
            CheckMode(source["defaultMode"], $"{path}.{member}.defaultMode", problems);
            CheckItems(source, $"{path}.{member}", problems);
        }

        if (volume.Object("hostPath").Text("path") is { } hostPath && hostPath.Split('/').Contains(".."))
            problems.Invalid($"{path}.hostPath.path", hostPath, "must not contain '..'");
        if (volume.Object("emptyDir")?["sizeLimit"] is { } limit && Quantity.TryParse(limit.Text(), out var size) && size.IsNegative)
            problems.Forbidden($"{path}.emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity");
        if (volume.Object("projected") is { } projected)
            CheckProjected(projected, $"{path}.projected", problems);
        if (volume.Object("downwardAPI") is { } downward)
            CheckMode(downward["defaultMode"], $"{path}.downwardAPI.defaultMode", problems);
    }

    private static void CheckProjected(JsonObject projected, string path, Problems problems)
    {
        CheckMode(projected["defaultMode"], $"{path}.defaultMode", problems);
        foreach (var (i, source) in projected.Indexed("sources"))
        {
            var at = $"{path}.sources[{i}]";
            var kinds = source.Where(m => m.Value is JsonObject).Select(m => m.Key).ToList();
            if (kinds.Count == 0)
                problems.Required(at, "must specify at least one projection source type");
            foreach (var second in kinds.Skip(1))
                problems.Forbidden($"{at}.{second}", "may not specify more than 1 volume type");
            foreach (var kind in kinds)
                CheckProjection(source.Object(kind)!, kind, $"{at}.{kind}", problems);
        }
    }

    private static void CheckProjection(JsonObject projection, string kind, string path, Problems problems)
    {
        if (kind is "secret" or "configMap")
        {
            if (projection["name"] is null)
                problems.Required($"{path}.name");
            CheckItems(projection, path, problems);
        }

        if (kind != "serviceAccountToken")
            return;
        if (projection.Integer("expirationSeconds") is { } seconds and < 600)
            problems.Invalid($"{path}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        problems.RequiredText(projection, path, "path");
    }

    private static void CheckItems(JsonObject source, string path, Problems problems)
    {
        foreach (var (i, item) in source.Indexed("items"))
        {
            problems.RequiredText(item, $"{path}.items[{i}]", "key");
            problems.RequiredText(item, $"{path}.items[{i}]", "path");
            if (item.Text("path") is { } target)
                problems.Check($"{path}.items[{i}].path", target, RelativePathFault(target));
            CheckMode(item["mode"], $"{path}.items[{i}].mode", problems);
        }
    }

    private static void CheckMode(JsonNode? mode, string path, Problems problems)
    {
        if (mode.Integer() is { } value && value is < 0 or > MaxFileMode)
            problems.Invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }
}
