using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Bench.Figures;

/// <summary>Writes figures as JSON, with what a reader needs to know of the machine.</summary>
internal static class FigureReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <returns>The file's path.</returns>
    public static string Write(string directory, string cluster, IReadOnlyList<Figure> figures, JsonObject details)
    {
        Directory.CreateDirectory(directory);
        var now = DateTimeOffset.UtcNow;
        var report = new JsonObject
        {
            ["time"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["processors"] = Environment.ProcessorCount,
            ["system"] = RuntimeInformation.OSDescription,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["cluster"] = cluster,
            ["figures"] = new JsonArray([.. figures.Select(Json)]),
            ["details"] = details,
        };
        var path = Path.Combine(directory, "figures.json");
        File.WriteAllText(path, report.ToJsonString(Indented) + "\n");
        return path;
    }

    private static JsonObject Json(Figure figure) => new()
    {
        ["name"] = figure.Name,
        ["unit"] = figure.Unit,
        ["measured"] = Rounded(figure.Measured),
        ["target"] = figure.Target,
        ["meetsTarget"] = figure.MeetsTarget,
        ["baseline"] = Rounded(figure.Baseline),
        ["published"] = figure.Published,
        ["ratio"] = Rounded(figure.Ratio),
    };

    private static double? Rounded(double? value) => value is { } given ? Math.Round(given, 3) : null;
}
