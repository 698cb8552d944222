using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Kubernetes.Tests.Yaml;

public sealed class YamlWriteTests
{
    [Fact]
    public void Objects_are_written_in_block_style()
    {
        var node = JsonNode.Parse("""{"kind":"Service","metadata":{"labels":{},"annotations":{"a":"yes","b":"12","c":"x\ny\n"}},"spec":{"ports":[{"port":80}],"list":[]}}""");

        Assert.Equal(
            """
            kind: Service
            metadata:
              labels: {}
              annotations:
                a: "yes"
                b: "12"
                c: |
                  x
                  y
            spec:
              ports:
              - port: 80
              list: []

            """.ReplaceLineEndings("\n"),
            YamlJson.Write(node));
    }

    [Fact]
    public void Documents_are_separated()
    {
        var text = YamlJson.WriteAll([new JsonObject { ["a"] = 1 }, new JsonObject { ["b"] = 2 }]);

        Assert.Equal("a: 1\n---\nb: 2\n", text);
    }

    [Fact]
    public void Every_text_comes_back_as_it_was()
    {
        string[] pieces = ["", " ", "\n", "\t", "a", "1", "yes", "no", "null", "~", ":", ": ", "#", " #", "-", "- ", "'", "\"", "{", "[", "*", "&", "!", "|", ">", "%", "@", "`", "\\", "\r", "é", "日", "😀", "\u0085", "\u2028", "\u00a0", "\0", "=", "<<", "0x", ".5", "1e3", "---", "...", "2001-01-01", "\uFEFF"];
        var random = new Random(20260101);
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)]));
            var node = new JsonObject { ["v"] = text, ["list"] = new JsonArray(text), [text.Length == 0 ? "k" : text + "k"] = new JsonObject { ["deep"] = text } };

            var yaml = YamlJson.Write(node);

            var back = Assert.Single(YamlJson.Read(yaml, "t")).Root;
            Assert.True(JsonNode.DeepEquals(node, back), $"'{node.ToJsonString()}' became '{back?.ToJsonString()}' through:\n{yaml}");
        }
    }
}
