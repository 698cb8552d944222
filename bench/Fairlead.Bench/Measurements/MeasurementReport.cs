using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Fairlead.Bench.Measurements;

/// <summary>Shows measured figures to people, and to programs.</summary>
internal static class MeasurementReport
{
    private const int MinimumWidth = 140;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(string title, IReadOnlyList<MeasuredFigure> figures)
    {
        var table = new Table { Title = new TableTitle($"{title}, {Environment.ProcessorCount} processors"), Border = TableBorder.Simple };
        table.AddColumn("Figure");
        table.AddColumn("Unit");
        table.AddColumn(new TableColumn("Measured").RightAligned());
        table.AddColumn("");
        foreach (var figure in figures)
        {
            var value = figure.Value?.ToString(figure.Value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture) ?? "-";
            table.AddRow(Markup.Escape(figure.Name), figure.Unit, value, Markup.Escape(figure.Note));
        }

        // In a pipe the width is unknown and taken for 80, at which every line would break.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, MinimumWidth);
        AnsiConsole.Write(table);
    }

    /// <returns>The file's path.</returns>
    public static string Save(string directory, string name, IReadOnlyList<MeasuredFigure> figures)
    {
        Directory.CreateDirectory(directory);
        var report = new JsonObject
        {
            ["time"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture),
            ["processors"] = Environment.ProcessorCount,
            ["system"] = RuntimeInformation.OSDescription,
            ["runtime"] = RuntimeInformation.FrameworkDescription,
            ["figures"] = new JsonArray([.. figures.Select(figure => new JsonObject
            {
                ["name"] = figure.Name,
                ["unit"] = figure.Unit,
                ["value"] = figure.Value,
                ["note"] = figure.Note,
            })]),
        };
        var path = Path.Combine(directory, $"{name}.json");
        File.WriteAllText(path, report.ToJsonString(Indented) + "\n");
        return path;
    }
}
