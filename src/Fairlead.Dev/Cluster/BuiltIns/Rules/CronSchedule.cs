using System.Globalization;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Syntax of a CronJob's schedule.</summary>
internal static class CronSchedule
{
    private static readonly (int Lowest, int Highest, string[] Names)[] Fields =
    [
        (0, 59, []), (0, 23, []), (1, 31, []),
        (1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        (0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    private static readonly string[] Macros = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

    public static bool IsValid(string schedule)
    {
        if (schedule.StartsWith('@'))
            return Macros.Contains(schedule) || schedule.StartsWith("@every ", StringComparison.Ordinal);

        var fields = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == Fields.Length && fields.Zip(Fields).All(f => f.First.Split(',').All(part => IsPart(part, f.Second)));
    }

    private static bool IsPart(string part, (int Lowest, int Highest, string[] Names) field)
    {
        var slash = part.Split('/');
        if (slash.Length > 2 || (slash.Length == 2 && !(int.TryParse(slash[1], NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0)))
            return false;
        if (slash[0] is "*" or "?")
            return true;

        var ends = slash[0].Split('-').Select(e => Value(e, field)).ToArray();
        return ends.Length <= 2 && ends.All(e => e is not null) && ends[0] <= ends[^1];
    }

    private static int? Value(string text, (int Lowest, int Highest, string[] Names) field)
    {
        var named = Array.IndexOf(field.Names, text.ToLowerInvariant());
        if (named >= 0)
            return named + field.Lowest;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= field.Lowest && value <= field.Highest ? value : null;
    }
}
