using System.Buffers;
using System.Globalization;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Dev.Cluster.Serialization;

/// <summary>Turns one YAML document into JSON text, with the types of YAML 1.1 as the API server reads them.</summary>
internal static class YamlBody
{
    // Aliases may not blow a small request up: the text they produce counts against the same limit as a body.
    private const int MaxJsonSize = 3 * 1024 * 1024;

    /// <exception cref="JsonException">The text is not YAML, or holds more than one document.</exception>
    public static ReadOnlyMemory<byte> ToJson(string yaml)
    {
        var output = new ArrayBufferWriter<byte>();
        try
        {
            var events = ReadEvents(yaml);
            using var writer = new Utf8JsonWriter(output);
            var position = 0;
            Write(events, ref position, writer, output, new HashSet<string>(StringComparer.Ordinal));
        }
        catch (YamlException e)
        {
            throw new JsonException($"yaml: line {e.Start.Line}: {e.Message}", e);
        }

        return output.WrittenMemory;
    }

    private static List<ParsingEvent> ReadEvents(string yaml)
    {
        var parser = new Parser(new Scanner(new StringReader(yaml), skipComments: true));
        var events = new List<ParsingEvent>();
        var documents = 0;
        while (parser.MoveNext())
        {
            if (parser.Current is DocumentStart && ++documents > 1)
                throw new JsonException("yaml: the body holds more than one document");
            if (parser.Current is Scalar scalar)
                CheckEscapes(yaml, scalar);
            if (parser.Current is NodeEvent or MappingEnd or SequenceEnd or AnchorAlias)
                events.Add(parser.Current);
        }

        return events.Count == 0 ? throw new JsonException("yaml: the body is empty") : events;
    }

    private static void Write(
        List<ParsingEvent> events, ref int position, Utf8JsonWriter writer, ArrayBufferWriter<byte> output, HashSet<string> open)
    {
        if (output.WrittenCount + writer.BytesPending > MaxJsonSize)
            throw new JsonException("yaml: the document is too large");
        switch (events[position++])
        {
            case AnchorAlias alias:
                var anchor = alias.Value.Value;
                var target = events.FindIndex(e => e is NodeEvent n && !n.Anchor.IsEmpty && n.Anchor.Value == anchor);
                if (target < 0 || !open.Add(anchor))
                    throw new JsonException($"yaml: alias *{anchor} is unknown or contains itself");
                Write(events, ref target, writer, output, open);
                open.Remove(anchor);
                break;
            case MappingStart:
                writer.WriteStartObject();
                while (events[position] is not MappingEnd)
                {
                    if (events[position++] is not Scalar key)
                        throw new JsonException("yaml: a mapping's keys must be scalars");
                    writer.WritePropertyName(KeyText(key));
                    Write(events, ref position, writer, output, open);
                }

                position++;
                writer.WriteEndObject();
                break;
            case SequenceStart:
                writer.WriteStartArray();
                while (events[position] is not SequenceEnd)
                    Write(events, ref position, writer, output, open);
                position++;
                writer.WriteEndArray();
                break;
            case Scalar scalar:
                WriteScalar(scalar, writer);
                break;
        }
    }

    /// <summary>Keys are text in JSON, whatever type they have in YAML.</summary>
    private static string KeyText(Scalar key)
    {
        if (key.Style != ScalarStyle.Plain || HasTextTag(key))
            return key.Value;
        if (key.Value == "<<")
            throw new JsonException($"yaml: line {key.Start.Line}: merge keys (<<) are not supported; write the members out");
        return YamlPlainScalar.Resolve(key.Value) switch
        {
            bool flag => flag ? "true" : "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => key.Value,
        };
    }

    private static void WriteScalar(Scalar scalar, Utf8JsonWriter writer)
    {
        if (scalar.Style != ScalarStyle.Plain || HasTextTag(scalar))
        {
            writer.WriteStringValue(scalar.Value);
            return;
        }

        switch (YamlPlainScalar.Resolve(scalar.Value))
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case double:
                throw new JsonException($"yaml: line {scalar.Start.Line}: {scalar.Value} is not a number that JSON knows");
            default:
                writer.WriteStringValue(scalar.Value);
                break;
        }
    }

    private static bool HasTextTag(Scalar scalar) => !scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str";

    /// <summary>
    /// The API server reads these bodies as YAML 1.1, where an escape stands for one character: halves of a surrogate pair, which
    /// JSON allows, are none, and <c>\/</c> is unknown.
    /// </summary>
    private static void CheckEscapes(string yaml, Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.DoubleQuoted)
            return;
        var raw = yaml.AsSpan((int)scalar.Start.Index, (int)(scalar.End.Index - scalar.Start.Index));
        for (var i = 0; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
                continue;
            i++;
            if (raw[i] == '/')
                throw new JsonException($"yaml: line {scalar.Start.Line}: found unknown escape character \\/");
            if (raw[i] == 'u' && raw.Length > i + 4 && IsSurrogate(raw.Slice(i + 1, 4)))
                throw new JsonException(
                    $"yaml: line {scalar.Start.Line}: found invalid Unicode character escape code; write the character itself instead of a surrogate pair");
        }
    }

    private static bool IsSurrogate(ReadOnlySpan<char> digits) =>
        ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && char.IsSurrogate((char)code);
}
