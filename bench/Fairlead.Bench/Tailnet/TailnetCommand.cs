using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Bench.Tailnet.Nodes;
using Spectre.Console;

namespace Fairlead.Bench.Tailnet;

/// <summary><c>tailnet</c>: what the node carries, and what limits it, measured in one run.</summary>
internal static class TailnetCommand
{
    private const int MinimumWidth = 140;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Option<string?> results)
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each figure is measured.", DefaultValueFactory = _ => 5 };
        var only = new Option<string[]>("--only") { Description = "Just these parts.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. TailnetMeasurements.All.Select(measurement => measurement.Name)]);
        var command = new Command("tailnet", "Throughput and limits of the tailnet node.") { seconds, only, NodesProcess.CreateCommand() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var names = parsed.GetValue(only) ?? [];
            var figures = new List<TailnetFigure>();
            foreach (var measurement in TailnetMeasurements.All.Where(measurement => names.Length == 0 || names.Contains(measurement.Name)))
            {
                AnsiConsole.MarkupLineInterpolated($"[dim]measuring {measurement.Name}[/]");
                figures.AddRange(await measurement.MeasureAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken).ConfigureAwait(false));
            }

            Write(figures);
            AnsiConsole.MarkupLineInterpolated($"[dim]{Save(parsed.GetValue(results)!, figures)}[/]");
            return 0;
        });
        return command;
    }

    private static void Write(List<TailnetFigure> figures)
    {
        var table = new Table { Title = new TableTitle($"Tailnet node, {Environment.ProcessorCount} processors"), Border = TableBorder.Simple };
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
    private static string Save(string directory, List<TailnetFigure> figures)
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
        var path = Path.Combine(directory, "tailnet.json");
        File.WriteAllText(path, report.ToJsonString(Indented) + "\n");
        return path;
    }
}
