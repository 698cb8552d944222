using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.Registry;

/// <summary>Kubernetes' order of API versions, most preferred first: v2, v1, v2beta1, v1beta2, v1alpha1, then others by name.</summary>
internal sealed partial class ApiVersionOrder : IComparer<string>
{
    public static readonly ApiVersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var (stageX, majorX, minorX) = Parse(x!);
        var (stageY, majorY, minorY) = Parse(y!);
        var order = stageX.CompareTo(stageY);
        if (order == 0)
            order = majorY.CompareTo(majorX);
        if (order == 0)
            order = minorY.CompareTo(minorX);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static (int Stage, int Major, int Minor) Parse(string version)
    {
        var match = VersionPattern().Match(version);
        if (!match.Success)
            return (3, 0, 0);
        var stage = match.Groups[2].Value switch { "" => 0, "beta" => 1, _ => 2 };
        var minor = stage == 0 ? 0 : int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
        return (stage, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), minor);
    }

    [GeneratedRegex(@"\Av([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?\z")]
    private static partial Regex VersionPattern();
}
