using System.Globalization;
using Spectre.Console;

namespace Fairlead.Bench.Figures;

/// <summary>Prints figures as a table.</summary>
internal static class FigureTable
{
    private const int MinimumWidth = 140;

    public static void Write(IAnsiConsole console, string title, IReadOnlyList<Figure> figures)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Simple };
        var measuredBaseline = figures.Any(figure => figure.Baseline is not null);
        table.AddColumn("Figure");
        table.AddColumn("Unit");
        table.AddColumn(new TableColumn("Measured").RightAligned());
        table.AddColumn(new TableColumn("Target").RightAligned());
        table.AddColumn("");
        if (measuredBaseline)
        {
            table.AddColumn(new TableColumn("Baseline").RightAligned());
        }

        table.AddColumn(new TableColumn("Upstream (published)").RightAligned());
        table.AddColumn(new TableColumn(measuredBaseline ? "Ratio to baseline" : "Ratio to published").RightAligned());
        foreach (var figure in figures)
        {
            List<string> cells =
            [
                figure.Name,
                figure.Unit,
                Text(figure.Measured),
                figure.Target is { } target ? "≤ " + Text(target) : "",
                figure.MeetsTarget switch { true => "met", false => "[red]missed[/]", null => "" },
            ];
            if (measuredBaseline)
            {
                cells.Add(Text(figure.Baseline));
            }

            cells.Add(Text(figure.Published));
            cells.Add(figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "");
            table.AddRow([.. cells]);
        }

        // In a pipe the width is unknown and taken for 80, at which every line would break.
        console.Profile.Width = Math.Max(console.Profile.Width, MinimumWidth);
        console.Write(table);
    }

    private static string Text(double? value) => value?.ToString(value is >= 100 or <= -100 ? "N0" : "0.##", CultureInfo.InvariantCulture) ?? "";
}
