using System.Globalization;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>A path into an object, as violations name it: <c>spec.ports[0].port</c>, <c>metadata.labels[app]</c>.</summary>
internal sealed class FieldPath
{
    public static readonly FieldPath Root = new("");

    private readonly string _text;

    private FieldPath(string text) => _text = text;

    public bool IsRoot => _text.Length == 0;

    public FieldPath Member(string name) => new(IsRoot ? name : $"{_text}.{name}");

    public FieldPath Index(int index) => new($"{_text}[{index.ToString(CultureInfo.InvariantCulture)}]");

    public FieldPath Key(string key) => new($"{_text}[{key}]");

    /// <summary>How the details of schema violations name the place: <c>spec.replicas in body</c>.</summary>
    public string InBody() => IsRoot ? "in body" : $"{_text} in body";

    /// <summary>The path; the whole object is <c>&lt;nil&gt;</c>, as an API server writes it.</summary>
    public override string ToString() => IsRoot ? "<nil>" : _text;
}
