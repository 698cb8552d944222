using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Patching;

namespace Fairlead.Dev.Tests.Patching;

/// <summary>The examples of RFC 7386, appendix A, and properties that follow from it.</summary>
public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_patch_merges_member_by_member(string target, string patch, string expected)
    {
        var result = MergePatch.Apply(JsonNode.Parse(target), JsonNode.Parse(patch));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result), result?.ToJsonString());
    }

    [Fact]
    public void Applying_a_patch_twice_changes_nothing_more()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var (target, patch) = (RandomJson.Object(random, 3), RandomJson.Object(random, 3));
            var once = MergePatch.Apply(target, patch);
            Assert.True(JsonNode.DeepEquals(once, MergePatch.Apply(once, patch)), patch.ToJsonString());
        }
    }
}
