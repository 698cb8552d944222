using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Kubernetes.Tests.Yaml;

public sealed class YamlReadTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("n", "false")]
    [InlineData("\"yes\"", "\"yes\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("0644", "420")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("-1_000", "-1000")]
    [InlineData("089", "89")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("2001-12-14", "\"2001-12-14\"")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("250m", "\"250m\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("Infinity", "\"Infinity\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!binary aGk=", "\"hi\"")]
    [InlineData("{a: [1, x]}", "{\"a\":[1,\"x\"]}")]
    [InlineData("{1: a, true: b}", "{\"1\":\"a\",\"true\":\"b\"}")]
    public void Values_stand_for_the_json_that_kubectl_makes_of_them(string yaml, string json)
    {
        var root = Assert.Single(YamlJson.Read($"v: {yaml}", "a.yaml")).Root!["v"];

        Assert.Equal(json, root?.ToJsonString() ?? "null");
    }

    [Fact]
    public void Each_document_knows_where_its_fields_are_written()
    {
        var documents = YamlJson.Read("""
            kind: A
            ---
            # a comment
            kind: B
            metadata:
              labels:
                app.kubernetes.io/name: x
            spec:
              ports:
              - name: http
                port: 80
              - name: https
            """, "all.yaml");

        Assert.Equal(2, documents.Count);
        Assert.Equal("all.yaml:4:1", documents[1].Start.ToString());
        Assert.Equal("all.yaml:12:5", documents[1].PositionOf("spec.ports[1].name").ToString());
        Assert.Equal("all.yaml:7:5", documents[1].PositionOf("metadata.labels[app.kubernetes.io/name]").ToString());
        Assert.Equal("all.yaml:7:5", documents[1].PositionOf("$.metadata.labels['app.kubernetes.io/name']").ToString());
        Assert.Equal("all.yaml:12:5", documents[1].PositionOf("spec.ports[1].targetPort.x").ToString());
    }

    [Fact]
    public void Anchors_and_merge_keys_are_resolved()
    {
        var root = Assert.Single(YamlJson.Read("base: &b {a: 1, b: 2}\nuse: *b\nmerged:\n  <<: *b\n  b: 3\n", "a.yaml")).Root!;

        Assert.Equal("""{"base":{"a":1,"b":2},"use":{"a":1,"b":2},"merged":{"b":3,"a":1}}""", root.ToJsonString());
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3", 3, "'a' is there twice")]
    [InlineData("a: *nowhere", 1, "nowhere")]
    [InlineData("a: .nan", 1, "cannot be written in JSON")]
    [InlineData("a: !!int x", 1, "!!int")]
    [InlineData("a: !custom x", 1, "!custom")]
    [InlineData("a:\n  - b\n c: d", 3, "")]
    [InlineData("? [a]\n: b", 1, "keys")]
    [InlineData("a: [", 2, "did not find expected node content")]
    public void What_is_no_json_is_an_error_with_its_line(string yaml, int line, string problem)
    {
        var error = Assert.Throws<YamlFormatException>(() => YamlJson.Read(yaml, "bad.yaml"));

        Assert.Equal(line, error.Position.Line);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.False(error.Message.EndsWith('.'), "what to do about it follows");
    }

    [Fact]
    public void Aliases_of_aliases_do_not_exhaust_memory()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(
            Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        var error = Assert.Throws<YamlFormatException>(() => YamlJson.Read(bomb, "bomb.yaml"));

        Assert.Contains("aliases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_limited()
    {
        Assert.Throws<YamlFormatException>(() => YamlJson.Read(new string('[', 5000) + new string(']', 5000), "deep.yaml"));
    }
}
