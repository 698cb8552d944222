using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Fairlead.Operator.Tests.Planning;

/// <summary>
/// A folder with what a plan is made from and the plan expected. Set FAIRLEAD_UPDATE_GOLDEN=1 to write the plans as they are now,
/// and review the difference.
/// </summary>
internal sealed class GoldenCase(string folder)
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("FAIRLEAD_UPDATE_GOLDEN") == "1";

    public JsonObject Snapshot => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "snapshot.json")))!.AsObject();

    public static TheoryData<string> Names(string group) =>
        [.. Directory.GetDirectories(Root(group)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static GoldenCase Of(string group, string name) => new(Path.Combine(Root(group), name));

    public void Check(string actual)
    {
        var path = Path.Combine(folder, "plan.json");
        if (Update)
        {
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"{path} does not exist; run with FAIRLEAD_UPDATE_GOLDEN=1 and review it");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Root(string group, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", group, "Golden");
}
