using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>A compiled RE2 pattern, or why it is none.</summary>
internal readonly record struct Re2Pattern(Regex? Regex, string? Error)
{
    // NonBacktracking runs in time linear in the input, as RE2 does, and rejects look-arounds and back-references as RE2 does.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public static Re2Pattern TryCompile(string pattern)
    {
        try
        {
            return new Re2Pattern(new Regex(Re2Translation.ToDotNet(pattern), Options), null);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return new Re2Pattern(null, $"'{pattern}' is no RE2 pattern: {fault.Message}");
        }
    }
}
