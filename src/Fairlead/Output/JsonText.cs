using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Output;

/// <summary>JSON as people and scripts get it: UTF-8 text is not escaped.</summary>
internal static class JsonText
{
    public static string Indented(JsonNode node) => Write(node, indented: true);

    public static string OneLine(JsonNode node) => Write(node, indented: false);

    private static string Write(JsonNode node, bool indented)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
