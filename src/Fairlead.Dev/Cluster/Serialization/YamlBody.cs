using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Dev.Cluster.Serialization;

/// <summary>Turns one YAML document into JSON text, with the types of YAML's core schema.</summary>
internal static partial class YamlBody
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
                    writer.WritePropertyName(key.Value);
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

    private static void WriteScalar(Scalar scalar, Utf8JsonWriter writer)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == "tag:yaml.org,2002:str"))
            writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE")
            writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE")
            writer.WriteBooleanValue(false);
        else if (IntegerPattern().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            writer.WriteNumberValue(integer);
        else if (text.StartsWith("0x", StringComparison.Ordinal)
                 && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            writer.WriteNumberValue(hex);
        else if (OctalPattern().IsMatch(text))
            writer.WriteNumberValue(Convert.ToInt64(text.TrimStart('0', 'o').PadLeft(1, '0'), 8));
        else if (FloatPattern().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(text);
    }

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"\A0o?[0-7]{1,20}\z")]
    private static partial Regex OctalPattern();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex FloatPattern();
}
