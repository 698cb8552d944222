using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Yaml;

/// <summary>YAML as Kubernetes uses it: another way to write JSON.</summary>
public static class YamlJson
{
    /// <summary>
    /// Reads all documents of a text. Scalars follow kubectl (see the remarks); anchors, aliases and merge keys are resolved; duplicate keys
    /// are errors.
    /// </summary>
    /// <remarks>
    /// Unquoted <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>, <c>y</c>, <c>n</c> are Booleans, <c>0777</c> is octal, dates are strings. Whatever is quoted is
    /// a string.
    /// </remarks>
    /// <param name="source">File name for positions in messages.</param>
    /// <exception cref="YamlFormatException">The text is not YAML, or not such as stands for JSON.</exception>
    public static IReadOnlyList<YamlDocument> Read(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new YamlReader(text, source).ReadAll();
    }

    /// <summary>Writes one document, in block style; strings that another reader could take for something else are quoted.</summary>
    public static string Write(JsonNode? node) => WriteAll([node]);

    /// <summary>Writes documents, separated by <c>---</c>.</summary>
    public static string WriteAll(IEnumerable<JsonNode?> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        using var text = new StringWriter { NewLine = "\n" };
        YamlWriter.Write(text, nodes);
        return text.ToString();
    }
}
