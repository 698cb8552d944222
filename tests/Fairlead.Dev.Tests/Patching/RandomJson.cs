using System.Text.Json.Nodes;

namespace Fairlead.Dev.Tests.Patching;

/// <summary>Seeded random documents.</summary>
internal static class RandomJson
{
    private static readonly string[] Names = ["a", "b", "c", "d/e", "f~g", "h"];

    public static string Name(Random random) => Names[random.Next(Names.Length)];

    public static JsonObject Object(Random random, int depth)
    {
        var obj = new JsonObject();
        for (var i = random.Next(4); i > 0; i--)
            obj[Name(random)] = Value(random, depth - 1);
        return obj;
    }

    public static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(5)),
        2 => JsonValue.Create(Name(random)),
        3 => JsonValue.Create(random.Next(2) == 0),
        4 => new JsonArray(Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1)).ToArray()),
        _ => Object(random, depth),
    };
}
