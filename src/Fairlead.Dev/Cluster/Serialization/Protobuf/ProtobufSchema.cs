using System.Collections.Frozen;
using System.Globalization;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>
/// The messages of the types that command-line tools send as protobuf without falling back to JSON, from <c>messages.txt</c>, whose
/// head explains its notation.
/// </summary>
internal sealed class ProtobufSchema
{
    private const string Resource = "Fairlead.Dev.Cluster.Serialization.Protobuf.messages.txt";

    private static readonly Lazy<ProtobufSchema> Loaded = new(Load);

    private readonly FrozenDictionary<string, ProtobufMessage> _messages;

    private ProtobufSchema(IEnumerable<ProtobufMessage> messages) =>
        _messages = messages.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    public static ProtobufSchema Instance => Loaded.Value;

    public ProtobufMessage? FindObject(string apiVersion, string kind) => _messages.GetValueOrDefault($"{apiVersion} {kind}");

    public ProtobufMessage MessageOf(ProtobufField field) => _messages[field.MessageName!];

    private static ProtobufSchema Load()
    {
        using var reader = new StreamReader(typeof(ProtobufSchema).Assembly.GetManifestResourceStream(Resource)!);
        var messages = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
                messages[^1] += line[1..];
            else if (line.Length > 0 && line[0] != '#')
                messages.Add(line);
        }

        return new ProtobufSchema(messages.Select(Message));
    }

    private static ProtobufMessage Message(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new ProtobufMessage(text[..colon], text[(colon + 1)..].Split(';').Select(Field));
    }

    private static (int Number, ProtobufField Field) Field(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var written = words.Length > 2 ? words[2] : "text";
        var type = written.TrimEnd('*', '?', '&');
        var known = Type(type);
        return (int.Parse(words[0], CultureInfo.InvariantCulture), new ProtobufField(words[1], known)
        {
            MessageName = known == ProtobufFieldType.Message ? type : null,
            Repeated = written.EndsWith('*'),
            KeepsEmpty = written.EndsWith('?'),
            Inline = written.EndsWith('&'),
        });
    }

    private static ProtobufFieldType Type(string name) => name switch
    {
        "text" => ProtobufFieldType.Text,
        "int" => ProtobufFieldType.Integer,
        "bool" => ProtobufFieldType.Flag,
        "time" => ProtobufFieldType.Time,
        "bytes" => ProtobufFieldType.Bytes,
        "map" => ProtobufFieldType.TextMap,
        "bytesmap" => ProtobufFieldType.BytesMap,
        "quantity" => ProtobufFieldType.Quantity,
        "quantities" => ProtobufFieldType.QuantityMap,
        "intstr" => ProtobufFieldType.IntegerOrText,
        "ignored" => ProtobufFieldType.Ignored,
        _ => ProtobufFieldType.Message,
    };
}
