using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What the environment of a container must satisfy.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] FieldPaths =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs",
        "status.podIP", "status.podIPs",
    ];

    public static void Check(JsonObject container, string path, Problems problems)
    {
        foreach (var (i, variable) in container.Indexed("env"))
        {
            var at = $"{path}.env[{i}]";
            if (variable.Text("name") is { Length: > 0 } name)
                problems.Check($"{at}.name", name, Names.EnvironmentVariable(name));
            else
                problems.RequiredText(variable, at, "name");
            if (variable.Object("valueFrom") is { } source)
                CheckSource(source, variable.Text("value") is not null, $"{at}.valueFrom", problems);
        }

        foreach (var (i, source) in container.Indexed("envFrom"))
            CheckFrom(source, $"{path}.envFrom[{i}]", problems);
    }

    private static void CheckSource(JsonObject source, bool hasValue, string path, Problems problems)
    {
        if (source.Count == 0)
            problems.Invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        else if (hasValue)
            problems.Invalid(path, "", "may not be specified when `value` is not empty");
        else if (source.Count > 1)
            problems.Invalid(path, "", "may not have more than one field specified at a time");

        if (source.Object("fieldRef") is { } field)
            CheckFieldRef(field, $"{path}.fieldRef", problems);
        foreach (var name in (ReadOnlySpan<string>)["configMapKeyRef", "secretKeyRef"])
        {
            if (source.Object(name) is not { } reference)
                continue;
            problems.Check($"{path}.{name}.name", reference.Text("name") ?? "", Names.DnsSubdomain(reference.Text("name") ?? ""));
            if (reference.Text("key") is { Length: > 0 } key)
                problems.Check($"{path}.{name}.key", key, Names.DataKey(key));
            else
                problems.RequiredText(reference, $"{path}.{name}", "key");
        }
    }

    private static void CheckFieldRef(JsonObject field, string path, Problems problems)
    {
        if (field.Text("fieldPath") is not { Length: > 0 } fieldPath)
        {
            problems.RequiredText(field, path, "fieldPath");
            return;
        }

        if (field.Text("apiVersion") != "v1")
            problems.Invalid($"{path}.fieldPath", fieldPath, $"error converting fieldPath: unsupported pod version: {field.Text("apiVersion")}");
        else if (!FieldPaths.Contains(fieldPath) && !IsMapElement(fieldPath))
        {
            if (fieldPath is "metadata.labels" or "metadata.annotations")
                problems.NotSupported($"{path}.fieldPath", fieldPath, FieldPaths);
            else
                problems.Invalid($"{path}.fieldPath", fieldPath, $"error converting fieldPath: field label not supported: {fieldPath}");
        }
    }

    private static bool IsMapElement(string fieldPath) =>
        fieldPath.EndsWith("']", StringComparison.Ordinal) &&
        (fieldPath.StartsWith("metadata.labels['", StringComparison.Ordinal) || fieldPath.StartsWith("metadata.annotations['", StringComparison.Ordinal));

    private static void CheckFrom(JsonObject source, string path, Problems problems)
    {
        if (source.Text("prefix") is { } prefix)
            problems.Check($"{path}.prefix", prefix, Names.EnvironmentVariable(prefix));
        var references = (source.Object("configMapRef") is null ? 0 : 1) + (source.Object("secretRef") is null ? 0 : 1);
        if (references == 0)
            problems.Invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
        else if (references > 1)
            problems.Invalid(path, "", "may not have more than one field specified at a time");
        foreach (var name in (ReadOnlySpan<string>)["configMapRef", "secretRef"])
        {
            if (source.Object(name) is { } reference && reference["name"] is null)
                problems.Required($"{path}.{name}.name");
        }
    }
}
