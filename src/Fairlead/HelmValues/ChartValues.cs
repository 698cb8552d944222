using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Yaml;
using Fairlead.Manifests;
using Fairlead.Operator.Proxies;

namespace Fairlead.HelmValues;

/// <summary>
/// Values of the operator's Helm chart, of one file or several of which later ones win, as far as they shape proxies:
/// turned into the environment that the chart would give the operator.
/// </summary>
internal sealed class ChartValues
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _extra = new(StringComparer.Ordinal);

    /// <summary>Values that the chart could not use.</summary>
    public List<ManifestProblem> Problems { get; } = [];

    /// <summary>Values that the chart does not look at.</summary>
    public List<ManifestProblem> Warnings { get; } = [];

    /// <summary>The operator's environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var environment = new Dictionary<string, string>(StringComparer.Ordinal);
            Set("OPERATOR_LOGIN_SERVER", Text("loginServer"));
            Set("PROXY_IMAGE", Image());
            Set("PROXY_TAGS", Text("proxyConfig.defaultTags"));
            Set("PROXY_FIREWALL_MODE", Text("proxyConfig.firewallMode") ?? "auto");
            Set("PROXY_DEFAULT_CLASS", Text("proxyConfig.defaultProxyClass"));
            foreach (var (name, value) in _extra)
            {
                environment[name] = value;
            }

            return environment;

            void Set(string name, string? value)
            {
                if (value is not null)
                {
                    environment[name] = value;
                }
            }
        }
    }

    /// <exception cref="YamlFormatException">The text is not YAML.</exception>
    public void Read(string source, string text)
    {
        foreach (var document in YamlJson.Read(text, source))
        {
            if (document.Root is JsonObject root)
            {
                ReadSection(document, "", root);
            }
            else if (document.Root is not null)
            {
                Problems.Add(new ManifestProblem(document.Start, "", "", "values are a mapping; write them as 'key: value'"));
            }
        }
    }

    private void ReadSection(YamlDocument document, string section, JsonObject entries)
    {
        foreach (var (name, value) in entries)
        {
            var path = section.Length == 0 ? name : $"{section}.{name}";
            if (ValueKey.Find(path) is { } key)
            {
                ReadValue(document, key, value);
            }
            else if (!ValueKey.IsSection(path))
            {
                Warnings.Add(At(document, path, $"the chart does not know this key and ignores it; here it knows {string.Join(", ", ValueKey.NamesIn(section))}"));
            }
            else if (value is JsonObject nested)
            {
                ReadSection(document, path, nested);
            }
            else if (value is not null)
            {
                Problems.Add(At(document, path, $"this must be a mapping, but is {Describe(value)}; write {string.Join(", ", ValueKey.NamesIn(path))} below it"));
            }
        }
    }

    private void ReadValue(YamlDocument document, ValueKey key, JsonNode? value)
    {
        if (value is null)
        {
            return;
        }

        var remedy = key.Type switch
        {
            ValueType.Text when value is JsonArray => "write one text, with commas between its parts",
            ValueType.Text => "put it in quotes",
            ValueType.Flag => "write true or false, without quotes",
            ValueType.TextList or ValueType.List => "write each entry on a line of its own, after '- '",
            _ => "write its entries below it, indented",
        };
        if (!Fits(key.Type, value))
        {
            Problems.Add(At(document, key.Path, $"this must be {Describe(key.Type)}, but is {Describe(value)}; {remedy}"));
            return;
        }

        if (key.Path == ValueKey.ExtraEnvironment)
        {
            ReadExtraEnvironment(document, value.AsArray());
        }
        else if (key.Type == ValueType.Text)
        {
            ReadText(document, key, value.GetValue<string>());
        }
        else if (key.IsTags)
        {
            CheckTags(document, key, string.Join(',', value.AsArray().Select(tag => tag!.GetValue<string>())));
        }
    }

    private void ReadText(YamlDocument document, ValueKey key, string text)
    {
        if (text.Length > 0 && !key.Allowed.IsEmpty && !key.Allowed.Contains(text))
        {
            Problems.Add(At(document, key.Path, $"\"{text}\" is not one of {string.Join(", ", key.Allowed)}; use one of these"));
            return;
        }

        if (key.IsTags && text.Length > 0)
        {
            CheckTags(document, key, text);
        }

        _texts[key.Path] = text;
    }

    private void CheckTags(YamlDocument document, ValueKey key, string list) =>
        Problems.AddRange(ProxyTags.Violations(list).Select(violation => At(document, key.Path, violation)));

    private void ReadExtraEnvironment(YamlDocument document, JsonArray variables)
    {
        for (var i = 0; i < variables.Count; i++)
        {
            var path = $"{ValueKey.ExtraEnvironment}[{i}]";
            if (variables[i] is not JsonObject variable || variable["name"] is not JsonValue named || !named.TryGetValue<string>(out var name))
            {
                Problems.Add(At(document, path, "this must be a mapping with a name; write '- name: NAME' and below it 'value: \"…\"'"));
            }
            else if (variable["value"] is JsonValue value)
            {
                if (value.GetValueKind() == JsonValueKind.String)
                {
                    _extra[name] = value.GetValue<string>();
                }
                else
                {
                    Problems.Add(At(document, $"{path}.value", $"this must be a text, but is {Describe(value)}; put it in quotes"));
                }
            }
        }
    }

    private string? Image()
    {
        var repository = Text("proxyConfig.image.repo") ?? Text("proxyConfig.image.repository");
        var digest = Text("proxyConfig.image.digest");
        var tag = Text("proxyConfig.image.tag");
        if (repository is null && digest is null && tag is null)
        {
            return null;
        }

        repository ??= "tailscale/tailscale";
        return digest is not null ? $"{repository}@{digest}" : $"{repository}:{tag ?? "latest"}";
    }

    private string? Text(string path) => _texts.TryGetValue(path, out var text) && text.Length > 0 ? text : null;

    private static bool Fits(ValueType type, JsonNode value) => type switch
    {
        ValueType.Text => value.GetValueKind() == JsonValueKind.String,
        ValueType.Flag => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        ValueType.TextList => value is JsonArray list && list.All(item => item?.GetValueKind() == JsonValueKind.String),
        ValueType.List => value is JsonArray,
        _ => value is JsonObject,
    };

    private static string Describe(ValueType type) => type switch
    {
        ValueType.Text => "a text",
        ValueType.Flag => "true or false",
        ValueType.TextList => "a list of texts",
        ValueType.List => "a list",
        _ => "a mapping",
    };

    private static string Describe(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "a text",
    };

    private static ManifestProblem At(YamlDocument document, string path, string text) => new(document.PositionOf(path), "", path, text);
}
