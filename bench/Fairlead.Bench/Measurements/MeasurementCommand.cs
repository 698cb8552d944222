using System.CommandLine;
using Fairlead.Bench.Commands;
using Spectre.Console;

namespace Fairlead.Bench.Measurements;

/// <summary>A command that takes measurements one by one, prints a table and writes JSON.</summary>
internal static class MeasurementCommand
{
    private const int Success = 0;
    private const int Broken = 2;

    /// <param name="name">The command's, and the JSON file's.</param>
    /// <param name="title">The table's.</param>
    public static Command Create(string name, string description, string title, IReadOnlyList<IMeasurement> measurements, Option<string?> results)
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each figure is measured.", DefaultValueFactory = _ => 5 };
        var only = new Option<string[]>("--only") { Description = "Just these parts.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. measurements.Select(measurement => measurement.Name)]);
        var command = new Command(name, description) { seconds, only };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var names = parsed.GetValue(only) ?? [];
            var figures = new List<MeasuredFigure>();
            try
            {
                foreach (var measurement in measurements.Where(measurement => names.Length == 0 || names.Contains(measurement.Name)))
                {
                    AnsiConsole.MarkupLineInterpolated($"[dim]measuring {measurement.Name}[/]");
                    figures.AddRange(await measurement.MeasureAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellationToken).ConfigureAwait(false));
                }
            }
            catch (BenchmarkException e)
            {
                await Console.Error.WriteLineAsync($"bench: {e.Message}").ConfigureAwait(false);
                return Broken;
            }

            MeasurementReport.Print(title, figures);
            AnsiConsole.MarkupLineInterpolated($"[dim]{MeasurementReport.Save(parsed.GetValue(results)!, name, figures)}[/]");
            return Success;
        });
        return command;
    }
}
