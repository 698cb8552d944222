using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Manifests;

/// <summary>Reads the objects in YAML or JSON texts; a List stands for its items.</summary>
internal static class ManifestReader
{
    /// <param name="source">File name, for positions.</param>
    /// <param name="problems">Gets what is no object.</param>
    /// <exception cref="YamlFormatException">The text is not YAML.</exception>
    public static IEnumerable<SourceObject> Read(string source, string text, ICollection<ManifestProblem> problems)
    {
        foreach (var document in YamlJson.Read(text, source))
        {
            foreach (var found in Expand(document, "", document.Root, problems))
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<SourceObject> Expand(
        YamlDocument document, string prefix, JsonNode? node, ICollection<ManifestProblem> problems)
    {
        if (node is null)
        {
            yield break;
        }

        if (node is not JsonObject body)
        {
            problems.Add(new ManifestProblem(document.PositionOf(prefix), "", "", "this is not an object; write apiVersion, kind and metadata"));
            yield break;
        }

        var found = new SourceObject(document, prefix, body);
        if (found.Kind == "List" && body["items"] is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                foreach (var item in Expand(document, $"{prefix}items[{i}].", items[i], problems))
                {
                    yield return item;
                }
            }

            yield break;
        }

        foreach (var field in (ReadOnlySpan<string>)["apiVersion", "kind"])
        {
            if (body[field] is not JsonValue value || !value.TryGetValue<string>(out var given) || given.Length == 0)
            {
                problems.Add(new ManifestProblem(found.PositionOf(field), "", field, $"this is missing or not a text; add {field}"));
                yield break;
            }
        }

        if (found.Name.Length == 0)
        {
            problems.Add(new ManifestProblem(found.PositionOf("metadata.name"), found.Kind, "metadata.name", "this is missing or not a text; give the object a name"));
            yield break;
        }

        yield return found;
    }
}
