using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Yaml;

/// <summary>One document of a YAML text, and where its parts are written.</summary>
public sealed class YamlDocument
{
    private readonly PositionNode _positions;

    internal YamlDocument(JsonNode? root, PositionNode positions)
    {
        Root = root;
        _positions = positions;
    }

    /// <summary>Null for an empty document and for <c>null</c>.</summary>
    public JsonNode? Root { get; }

    /// <summary>Where the document's content starts.</summary>
    public SourcePosition Start => _positions.Position;

    /// <summary>
    /// Where a field is written: of a mapping's entry the key. For a field that is not there, the nearest part around it.
    /// </summary>
    /// <param name="path">As API errors write it (<c>spec.ports[0].name</c>, <c>metadata.labels[app.kubernetes.io/name]</c>) or as
    /// <see cref="JsonNode.GetPath"/> does (<c>$.spec['a.b']</c>).</param>
    public SourcePosition PositionOf(string path)
    {
        var node = _positions;
        foreach (var segment in FieldPath.Split(path))
        {
            if (node.Find(segment) is not { } child)
                break;

            node = child;
        }

        return node.Position;
    }
}
