using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Secrets and ConfigMaps.</summary>
internal static class DataRules
{
    private const int MaxSize = 1024 * 1024;

    private static readonly Dictionary<string, string[]> RequiredKeys = new()
    {
        ["kubernetes.io/dockercfg"] = [".dockercfg"],
        ["kubernetes.io/dockerconfigjson"] = [".dockerconfigjson"],
        ["kubernetes.io/ssh-auth"] = ["ssh-privatekey"],
        ["kubernetes.io/tls"] = ["tls.crt", "tls.key"],
    };

    /// <summary>Writes <c>stringData</c> into <c>data</c>, which it wins over.</summary>
    public static void MergeStringData(JsonObject secret)
    {
        if (secret["stringData"] is not JsonObject plain)
            return;

        var data = secret.Ensure("data");
        foreach (var (key, value) in plain)
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.Text() ?? ""));
        secret.Remove("stringData");
    }

    public static void CheckSecret(JsonObject secret, JsonObject? old, Problems problems)
    {
        CheckKeys(secret, "data", problems);
        if (secret.TextMap("data").Sum(d => DecodedLength(d.Value)) > MaxSize)
            problems.TooLong("data", $"may not be more than {MaxSize} bytes");
        CheckType(secret, problems);
        if (old is null)
            return;

        problems.Immutable("type", secret["type"], old["type"]);
        CheckImmutable(secret, old, problems, "data");
    }

    public static void CheckConfigMap(JsonObject map, JsonObject? old, Problems problems)
    {
        CheckKeys(map, "data", problems);
        CheckKeys(map, "binaryData", problems);
        foreach (var (key, _) in map.TextMap("binaryData"))
        {
            if (map.Object("data")?.ContainsKey(key) == true)
                problems.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
        }

        var size = map.TextMap("data").Sum(d => Encoding.UTF8.GetByteCount(d.Value)) + map.TextMap("binaryData").Sum(d => DecodedLength(d.Value));
        if (size > MaxSize)
            problems.TooLong("", $"may not be more than {MaxSize} bytes");
        if (old is not null)
            CheckImmutable(map, old, problems, "data", "binaryData");
    }

    private static void CheckKeys(JsonObject obj, string member, Problems problems)
    {
        foreach (var (key, _) in obj.Object(member) ?? [])
            problems.Check($"{member}[{key}]", key, Names.DataKey(key));
    }

    private static void CheckType(JsonObject secret, Problems problems)
    {
        var (type, data) = (secret.Text("type") ?? "", secret.Object("data"));
        if (RequiredKeys.TryGetValue(type, out var keys))
        {
            foreach (var key in keys.Where(k => data?.ContainsKey(k) != true))
                problems.Required($"data[{key}]");
        }
        else if (type == "kubernetes.io/basic-auth" && data?.ContainsKey("username") != true && data?.ContainsKey("password") != true)
        {
            problems.Required("data[username]");
            problems.Required("data[password]");
        }
        else if (type == "kubernetes.io/service-account-token" &&
            secret.Object("metadata").Object("annotations").Text("kubernetes.io/service-account.name") is null or "")
        {
            problems.Required("metadata.annotations[kubernetes.io/service-account.name]");
        }

        CheckDockerConfig(type, data, problems);
    }

    // The value itself never appears in the message: it holds credentials.
    private static void CheckDockerConfig(string type, JsonObject? data, Problems problems)
    {
        if (!type.StartsWith("kubernetes.io/docker", StringComparison.Ordinal) || data.Text(RequiredKeys[type][0]) is not { } encoded)
            return;

        try
        {
            if (JsonNode.Parse(Convert.FromBase64String(encoded)) is JsonObject)
                return;
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
        {
            // Reported below like JSON of another type.
        }

        problems.Invalid($"data[{RequiredKeys[type][0]}]", "<secret contents redacted>", "must be a JSON object");
    }

    private static void CheckImmutable(JsonObject obj, JsonObject old, Problems problems, params ReadOnlySpan<string> members)
    {
        if (old.Flag("immutable") != true)
            return;
        if (obj.Flag("immutable") != true)
            problems.Forbidden("immutable", "field is immutable when `immutable` is set");
        foreach (var member in members)
        {
            if (!JsonNode.DeepEquals(obj[member], old[member]))
                problems.Forbidden(member, "field is immutable when `immutable` is set");
        }
    }

    private static long DecodedLength(string base64) => (base64.Length / 4 * 3L) - (base64.EndsWith("==", StringComparison.Ordinal) ? 2 : base64.EndsWith('=') ? 1 : 0);
}
