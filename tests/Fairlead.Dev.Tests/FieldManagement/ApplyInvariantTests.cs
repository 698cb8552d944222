using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Tests.FieldManagement;

/// <summary>What holds for every sequence of applies and updates.</summary>
public sealed class ApplyInvariantTests
{
    private static readonly string[] Managers = ["a", "b", "c"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_sequence_of_writes_keeps_the_promises_of_apply(int seed)
    {
        var random = new Random(seed);
        var writer = new Writer();
        writer.Update("creator", """{"name":"abc"}""");
        for (var step = 0; step < 150; step++)
        {
            var manager = Managers[random.Next(Managers.Length)];
            var spec = Spec(random);
            if (random.Next(4) == 0)
            {
                writer.Update(manager, spec);
                continue;
            }

            var before = writer.Live!.ToJsonString();
            try
            {
                writer.Apply(manager, spec);
            }
            catch (ApiStatusException conflict)
            {
                Assert.Equal(409, conflict.Code);
                Assert.Equal(before, writer.Live!.ToJsonString());
                writer.Apply(manager, spec, force: true);
            }

            AssertContains(JsonNode.Parse(spec), writer.Live!["spec"]);
            AssertOwnedFieldsExist(writer);
            var once = writer.Live!.ToJsonString();
            writer.Apply(manager, spec);
            Assert.Equal(once, writer.Live!.ToJsonString());
        }
    }

    /// <summary>Nobody owns a field that is not there.</summary>
    private static void AssertOwnedFieldsExist(Writer writer)
    {
        foreach (var entry in writer.Live!["metadata"]!["managedFields"]!.AsArray())
            AssertExists(entry!["fieldsV1"]!.AsObject(), writer.Live!, (string)entry["manager"]!);
    }

    private static void AssertExists(JsonObject fields, JsonNode? value, string manager)
    {
        foreach (var (element, children) in fields)
        {
            if (element == ".")
                continue;
            var body = element[2..];
            (bool, JsonNode?) child = element[0] switch
            {
                'f' => value!.AsObject().TryGetPropertyValue(body, out var member) ? (true, member) : (false, null),
                'v' => (value!.AsArray().Any(e => JsonNode.DeepEquals(e, JsonNode.Parse(body))), null),
                _ => Find(value!.AsArray(), JsonNode.Parse(body)!.AsObject()),
            };
            Assert.True(child.Item1, $"{manager} owns {element}, which does not exist");
            if (children!.AsObject().Count > 0)
                AssertExists(children.AsObject(), child.Item2, manager);
        }
    }

    private static (bool, JsonNode?) Find(JsonArray list, JsonObject keys)
    {
        var found = list.FirstOrDefault(e => keys.All(key => JsonNode.DeepEquals(e![key.Key], key.Value)));
        return (found is not null, found);
    }

    /// <summary>The applied values win.</summary>
    private static void AssertContains(JsonNode? wanted, JsonNode? actual)
    {
        switch (wanted)
        {
            case JsonObject obj:
                foreach (var (name, value) in obj)
                    AssertContains(value, actual![name]);
                break;
            case JsonArray list when list.Count > 0 && list[0] is JsonObject:
                foreach (var element in list)
                    AssertContains(element, Find(actual!.AsArray(), new JsonObject { ["name"] = (string)element!["name"]! }).Item2);
                break;
            case JsonArray list:
                Assert.All(list, e => Assert.Contains(actual!.AsArray(), other => JsonNode.DeepEquals(e, other)));
                break;
            default:
                Assert.True(JsonNode.DeepEquals(wanted, actual), $"wanted {wanted?.ToJsonString()}, got {actual?.ToJsonString()}");
                break;
        }
    }

    private static string Spec(Random random)
    {
        var spec = new JsonObject { ["name"] = random.Next(2) == 0 ? "abc" : "abd" };
        if (random.Next(2) == 0)
            spec["replicas"] = random.Next(1, 4) * 2;
        if (random.Next(2) == 0)
            spec["map"] = Entries(random);
        if (random.Next(2) == 0)
            spec["amap"] = Entries(random);
        if (random.Next(2) == 0)
            spec["slist"] = new JsonArray(Letters(random).Select(c => (JsonNode)c).ToArray());
        if (random.Next(2) == 0)
            spec["mlist"] = new JsonArray(Letters(random).Select(c => (JsonNode)new JsonObject { ["name"] = c, ["value"] = $"{random.Next(2)}" }).ToArray());
        return spec.ToJsonString();
    }

    private static JsonObject Entries(Random random)
    {
        var map = new JsonObject();
        foreach (var letter in Letters(random))
            map[letter] = $"{random.Next(2)}";
        return map;
    }

    private static List<string> Letters(Random random) =>
        [.. new[] { "p", "q", "r", "s" }.OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
}
