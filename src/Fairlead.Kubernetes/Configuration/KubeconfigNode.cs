using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>A mapping in a kubeconfig that knows where it is written.</summary>
internal sealed class KubeconfigNode(YamlDocument document, JsonObject body, string field, string directory)
{
    /// <summary>Folder that relative paths in this file start from.</summary>
    public string Directory => directory;

    public JsonObject Body => body;

    public string? String(string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length > 0 ? text : null,
        _ => throw Error(name, "this must be a string", "Put it in quotes."),
    };

    public string Required(string name) => String(name) ?? throw Error(name, "this is missing", $"Add '{name}'.");

    public bool Boolean(string name) => body[name] switch
    {
        null => false,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Error(name, "this must be true or false", "Write it without quotes."),
    };

    public KubeconfigNode? Object(string name) => body[name] switch
    {
        null => null,
        JsonObject child => new KubeconfigNode(document, child, FieldOf(name), directory),
        _ => throw Error(name, "this must be a mapping", "Indent its entries below it."),
    };

    public IEnumerable<KubeconfigNode> Objects(string name)
    {
        var items = List(name);
        for (var i = 0; i < items.Count; i++)
        {
            yield return items[i] is JsonObject item
                ? new KubeconfigNode(document, item, $"{FieldOf(name)}[{i}]", directory)
                : throw Error($"{name}[{i}]", "this must be a mapping", "Write it as '- name: …'.");
        }
    }

    public IReadOnlyList<string> Strings(string name) =>
        [.. List(name).Select((item, i) => item is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw Error($"{name}[{i}]", "this must be a string", "Put it in quotes."))];

    /// <summary>Text of a field with embedded (base64) or referenced content; the embedded one wins.</summary>
    public string? Content(string dataField, string fileField)
    {
        if (String(dataField) is { } data)
        {
            try
            {
                return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw Error(dataField, "this is not base64", "Encode the PEM text with base64, without line breaks.", e);
            }
        }

        if (String(fileField) is not { } file)
            return null;

        var path = PathOf(file);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error(fileField, $"{path} cannot be read ({e.Message})", "Correct the path or restore the file.", e);
        }
    }

    public string PathOf(string path) => Path.GetFullPath(path, directory);

    public KubeconfigException Error(string name, string problem, string remedy, Exception? cause = null) =>
        new(problem, remedy, document.PositionOf(FieldOf(name)), FieldOf(name), cause);

    private JsonArray List(string name) => body[name] switch
    {
        null => [],
        JsonArray items => items,
        _ => throw Error(name, "this must be a list", "Start each entry with '- '."),
    };

    private string FieldOf(string name) => field.Length == 0 ? name : $"{field}.{name}";

    /// <summary>Reads a file. Null if it is empty.</summary>
    public static KubeconfigNode? ReadFile(string path)
    {
        try
        {
            var documents = YamlJson.Read(File.ReadAllText(path), path);
            var document = documents.FirstOrDefault(document => document.Root is not null);
            return document?.Root switch
            {
                null => null,
                JsonObject root => new KubeconfigNode(document, root, "", Path.GetDirectoryName(Path.GetFullPath(path))!),
                _ => throw new KubeconfigException("this is not a kubeconfig", "A kubeconfig is a mapping with clusters, users and contexts.", document.Start),
            };
        }
        catch (YamlFormatException e)
        {
            throw new KubeconfigException(e.Problem, "Correct the YAML.", e.Position, innerException: e);
        }
        catch (JsonException e)
        {
            throw new KubeconfigException(e.Message, "Correct the file.", new SourcePosition(path, 1, 1), innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException($"{path} cannot be read ({e.Message})", "Check the path and its permissions.", innerException: e);
        }
    }
}
