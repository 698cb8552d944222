using System.Globalization;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>The API's time format: RFC 3339 in UTC with whole seconds.</summary>
internal static class Timestamps
{
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
