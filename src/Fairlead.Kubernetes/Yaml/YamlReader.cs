using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Kubernetes.Yaml;

/// <summary>Builds JSON and positions from the events of a YAML parser.</summary>
internal sealed class YamlReader
{
    // Deeper than any manifest, and what System.Text.Json reads by default.
    private const int MaximumDepth = 64;

    // A few aliases of aliases can stand for billions of nodes.
    private const int MaximumAliasedNodes = 100_000;

    private const string CoreTag = "tag:yaml.org,2002:";

    private readonly string _source;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, Value> _anchors = [];
    private int _aliasedNodes;

    public YamlReader(string text, string source)
    {
        _source = source;
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
    }

    public IReadOnlyList<YamlDocument> ReadAll()
    {
        try
        {
            var documents = new List<YamlDocument>();
            Expect<StreamStart>();
            while (Advance() is DocumentStart)
            {
                _anchors.Clear();
                var value = ReadValue(Advance(), depth: 0);
                Expect<DocumentEnd>();
                documents.Add(new YamlDocument(value.Node, value.Positions));
            }

            return documents;
        }
        catch (YamlException e)
        {
            // Some of the library's messages are sentences, ours are parts of one.
            throw new YamlFormatException(At(e.Start), e.Message.TrimEnd('.'), e);
        }
        catch (InvalidOperationException e)
        {
            // What the scanner ends with where a plain text cannot begin, such as at a closing brace inside brackets.
            throw new YamlFormatException(At(_scanner.CurrentPosition), "this character cannot stand here", e);
        }
    }

    private Value ReadValue(ParsingEvent current, int depth)
    {
        if (depth > MaximumDepth)
            throw Problem(current, $"more than {MaximumDepth} levels of nesting");

        if (current is AnchorAlias alias)
            return Resolve(alias);

        var value = current switch
        {
            Scalar scalar => new Value(ReadScalar(scalar), new PositionNode(At(scalar.Start)), 1),
            SequenceStart sequence => ReadSequence(sequence, depth),
            MappingStart mapping => ReadMapping(mapping, depth),
            _ => throw Problem(current, "a value is expected here"),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor] = value;

        return value;
    }

    private Value ReadSequence(SequenceStart start, int depth)
    {
        RequireTag(start, "seq");
        var array = new JsonArray();
        var positions = new PositionNode(At(start.Start));
        var size = 1;
        while (Advance() is var current and not SequenceEnd)
        {
            var item = ReadValue(current, depth + 1);
            array.Add(item.Node);
            positions.Add(item.Positions.At(At(current.Start)));
            size += item.Size;
        }

        return new Value(array, positions, size);
    }

    private Value ReadMapping(MappingStart start, int depth)
    {
        RequireTag(start, "map");
        var mapping = new JsonObject();
        var positions = new PositionNode(At(start.Start));
        var merged = new List<(Value Value, ParsingEvent Origin)>();
        var size = 1;
        while (Advance() is var current and not MappingEnd)
        {
            if (current is not Scalar key)
                throw Problem(current, "a mapping's keys must be plain texts");

            var value = ReadValue(Advance(), depth + 1);
            size += value.Size;
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.Add((value, key));
                continue;
            }

            var name = KeyOf(key);
            if (!mapping.TryAdd(name, value.Node))
                throw Problem(key, $"the key '{name}' is there twice");

            positions.Add(name, value.Positions.At(At(key.Start)));
        }

        foreach (var (value, origin) in merged)
            Merge(value, origin, mapping, positions);

        return new Value(mapping, positions, size);
    }

    /// <summary>Entries of a merge key fill in what the mapping itself does not say.</summary>
    private void Merge(in Value value, ParsingEvent origin, JsonObject mapping, PositionNode positions)
    {
        IEnumerable<JsonNode?> sources = value.Node is JsonArray list ? list : [value.Node];
        foreach (var node in sources)
        {
            if (node is not JsonObject entries)
                throw Problem(origin, "'<<' takes a mapping or a list of mappings");

            foreach (var (name, entry) in entries)
            {
                if (mapping.TryAdd(name, entry?.DeepClone()))
                    positions.Add(name, new PositionNode(At(origin.Start)));
            }
        }
    }

    private Value Resolve(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var value))
            throw Problem(alias, $"there is no anchor &{alias.Value} before this alias");

        _aliasedNodes += value.Size;
        return _aliasedNodes > MaximumAliasedNodes
            ? throw Problem(alias, $"the aliases stand for more than {MaximumAliasedNodes} values")
            : value with { Node = value.Node?.DeepClone() };
    }

    private JsonNode? ReadScalar(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (tag is "!" or CoreTag + "str" || (tag.Length == 0 && scalar.Style != ScalarStyle.Plain))
            return JsonValue.Create(scalar.Value);

        if (tag == CoreTag + "binary")
            return JsonValue.Create(Decode(scalar));

        try
        {
            var isString = !YamlScalar.TryResolve(scalar.Value, out var value);
            if (tag.Length == 0)
                return isString ? JsonValue.Create(scalar.Value) : value;

            var kind = isString ? JsonValueKind.String : value?.GetValueKind() ?? JsonValueKind.Null;
            var fits = (tag, kind) switch
            {
                (CoreTag + "null", JsonValueKind.Null) => true,
                (CoreTag + "bool", JsonValueKind.True or JsonValueKind.False) => true,
                (CoreTag + "int" or CoreTag + "float", JsonValueKind.Number) => true,
                _ => false,
            };
            return fits ? value : throw Problem(scalar, $"'{scalar.Value}' cannot be read as {tag.Replace(CoreTag, "!!", StringComparison.Ordinal)}");
        }
        catch (FormatException e)
        {
            throw Problem(scalar, e.Message);
        }
    }

    private string Decode(Scalar scalar)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(scalar.Value));
        }
        catch (FormatException)
        {
            throw Problem(scalar, "!!binary needs base64");
        }
    }

    private string KeyOf(Scalar key) => ReadScalar(key) switch
    {
        null => key.Style == ScalarStyle.Plain ? "null" : "",
        JsonValue value when value.TryGetValue<string>(out var name) => name,
        var other => other.ToJsonString(),
    };

    private void RequireTag(NodeEvent node, string expected)
    {
        if (!node.Tag.IsEmpty && node.Tag.Value != CoreTag + expected && node.Tag.Value != "!")
            throw Problem(node, $"the tag {node.Tag.Value} has no meaning in JSON");
    }

    private ParsingEvent Advance() => _parser.MoveNext() ? _parser.Current! : throw new YamlFormatException(At(Mark.Empty), "the text ends too early");

    private void Expect<TEvent>()
        where TEvent : ParsingEvent
    {
        if (Advance() is var current and not TEvent)
            throw Problem(current, "something else is expected here");
    }

    private YamlFormatException Problem(ParsingEvent at, string problem) => new(At(at.Start), problem);

    private SourcePosition At(in Mark mark) => new(_source, (int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1));

    /// <param name="Size">Number of nodes, aliases expanded.</param>
    private readonly record struct Value(JsonNode? Node, PositionNode Positions, int Size);
}
