using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Kubernetes.Yaml;

/// <summary>Writes JSON as block-style YAML.</summary>
internal static class YamlWriter
{
    private static readonly EmitterSettings Settings = new(
        bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, newLine: "\n");

    public static void Write(TextWriter text, IEnumerable<JsonNode?> nodes)
    {
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        var first = true;
        foreach (var node in nodes)
        {
            emitter.Emit(new DocumentStart(null, null, isImplicit: first));
            WriteNode(emitter, node);
            emitter.Emit(new DocumentEnd(isImplicit: true));
            first = false;
        }

        emitter.Emit(new StreamEnd());
    }

    private static void WriteNode(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } mapping:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Block));
                foreach (var (name, value) in mapping)
                {
                    WriteText(emitter, name, isKey: true);
                    WriteNode(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonObject:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Flow));
                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                var style = items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, style));
                foreach (var item in items)
                    WriteNode(emitter, item);

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteText(emitter, value.GetValue<string>(), isKey: false);
                break;
            default:
                emitter.Emit(Scalar(node?.ToJsonString() ?? "null", ScalarStyle.Plain));
                break;
        }
    }

    private static void WriteText(Emitter emitter, string text, bool isKey) => emitter.Emit(Scalar(text, StyleOf(text, isKey)));

    private static Scalar Scalar(string text, ScalarStyle style) =>
        new(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: style != ScalarStyle.Plain);

    private static ScalarStyle StyleOf(string text, bool isKey)
    {
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '\uD7FF'))
        {
            // Control characters need escapes; of them only the line feed can be written as it is, in a literal block.
            return !isKey && IsLiteral(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted;
        }

        return IsAmbiguous(text) ? ScalarStyle.DoubleQuoted : ScalarStyle.Plain;
    }

    private static bool IsLiteral(string text)
    {
        if (!text.Contains('\n', StringComparison.Ordinal) || text[0] is ' ' or '\n')
            return false;

        foreach (var line in text.AsSpan().Split('\n'))
        {
            var span = text.AsSpan(line);
            if (span.ContainsAnyExceptInRange(' ', '\u007E') || span.EndsWith(' '))
                return false;
        }

        return true;
    }

    /// <summary>Whether any reader, of YAML 1.1 or 1.2, could take the text for something other than a string.</summary>
    private static bool IsAmbiguous(string text)
    {
        if (text.Length == 0 || text[0] is ' ' || text[^1] is ' ' or ':' || text is "=" or "<<" or "---" or "...")
            return true;

        // Numbers in all notations, sexagesimal ones and dates begin so; versions and addresses lose nothing by quotes.
        if (char.IsAsciiDigit(text[0]) || (text[0] is '+' or '-' or '.' && text.Length > 1 && (char.IsAsciiDigit(text[1]) || text[1] is '.' or 'i' or 'I' or 'n' or 'N')))
            return true;

        return YamlScalar.TryResolve(text, out _)
            || text.Contains(": ", StringComparison.Ordinal)
            || text.Contains(" #", StringComparison.Ordinal)
            || text.AsSpan().ContainsAny('\u0085', '\u00A0', '\u2028')
            || text.Contains('\u2029', StringComparison.Ordinal);
    }
}
