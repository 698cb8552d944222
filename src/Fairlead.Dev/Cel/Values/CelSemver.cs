using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cel.Values;

/// <summary>A semantic version (semver.org 2.0.0). Build metadata does not count in comparisons.</summary>
internal sealed partial class CelSemver(ulong major, ulong minor, ulong patch, string[] preRelease, string text) : CelOpaque
{
    public ulong Major { get; } = major;

    public ulong Minor { get; } = minor;

    public ulong Patch { get; } = patch;

    public override CelKind Kind => CelKind.Semver;

    private string[] PreRelease { get; } = preRelease;

    /// <summary>Reads a version; normalizing first drops a leading <c>v</c> and leading zeros and adds missing parts as zeros.</summary>
    public static bool TryParse(string text, bool normalize, [NotNullWhen(true)] out CelSemver? version)
    {
        version = null;
        var match = Pattern().Match(normalize ? Normalize(text) : text);
        if (!match.Success
            || !Number(match.Groups["major"].Value, out var major)
            || !Number(match.Groups["minor"].Value, out var minor)
            || !Number(match.Groups["patch"].Value, out var patch))
            return false;
        var pre = match.Groups["pre"].Value;
        version = new CelSemver(major, minor, patch, pre.Length == 0 ? [] : pre.Split('.'), match.Value);
        return true;
    }

    public int CompareTo(CelSemver other)
    {
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0)
            return order;
        // A release comes after all its pre-releases.
        if (PreRelease.Length == 0 || other.PreRelease.Length == 0)
            return other.PreRelease.Length.CompareTo(PreRelease.Length) is var releases && releases == 0 ? 0 : Math.Sign(releases);
        for (var i = 0; i < PreRelease.Length && i < other.PreRelease.Length; i++)
        {
            order = ComparePart(PreRelease[i], other.PreRelease[i]);
            if (order != 0)
                return order;
        }
        return PreRelease.Length.CompareTo(other.PreRelease.Length);
    }

    public override bool EqualsOpaque(CelOpaque other) => other is CelSemver version && CompareTo(version) == 0;

    public override string ToString() => text;

    private static int ComparePart(string left, string right) => (Number(left, out var a), Number(right, out var b)) switch
    {
        (true, true) => a.CompareTo(b),
        (true, false) => -1,
        (false, true) => 1,
        _ => Math.Sign(string.CompareOrdinal(left, right)),
    };

    private static bool Number(string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static string Normalize(string text)
    {
        var parts = (text.StartsWith('v') ? text[1..] : text).Split('.', 3);
        // A short version with a pre-release or build is none, and stays unreadable.
        if (parts.Length < 3 && parts[^1].AsSpan().ContainsAny('+', '-'))
            return text;
        string[] three = [.. parts, .. Enumerable.Repeat("0", 3 - parts.Length)];
        return string.Join('.', three.Select(WithoutLeadingZeros));
    }

    private static string WithoutLeadingZeros(string part)
    {
        var trimmed = part.TrimStart('0');
        return trimmed.Length == part.Length || (trimmed.Length > 0 && char.IsAsciiDigit(trimmed[0])) ? trimmed : "0" + trimmed;
    }

    [GeneratedRegex(
        @"^(?<major>0|[1-9][0-9]*)\.(?<minor>0|[1-9][0-9]*)\.(?<patch>0|[1-9][0-9]*)"
        + @"(-(?<pre>(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
        + @"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
