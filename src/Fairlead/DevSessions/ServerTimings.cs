using System.Globalization;

namespace Fairlead.DevSessions;

/// <summary>Durations that a server tells of its work (W3C Server Timing).</summary>
internal static class ServerTimings
{
    /// <param name="header">As <c>app;dur=0.42, db;dur=0.3</c>.</param>
    /// <returns>Null where the header does not have it.</returns>
    public static TimeSpan? Find(string header, string name)
    {
        const string Duration = "dur=";
        foreach (var metric in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = metric.Split(';', StringSplitOptions.TrimEntries);
            var duration = parts.Skip(1).FirstOrDefault(part => part.StartsWith(Duration, StringComparison.Ordinal));
            if (parts[0] == name && double.TryParse(duration?[Duration.Length..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds))
            {
                return TimeSpan.FromMilliseconds(milliseconds);
            }
        }

        return null;
    }
}
