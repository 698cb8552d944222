using System.Collections.Concurrent;
using Fairlead.Dev.Cel.Libraries;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Patterns of schemas, compiled once: RE2 syntax, linear time.</summary>
internal static class SchemaPattern
{
    private static readonly ConcurrentDictionary<string, Re2Pattern> Compiled = new(StringComparer.Ordinal);

    /// <summary>Whether the text matches somewhere; a pattern that is none matches nothing.</summary>
    public static bool IsMatch(string pattern, string text) => Compile(pattern).Regex?.IsMatch(text) ?? false;

    /// <summary>Why the pattern is none, or null.</summary>
    public static string? ErrorOf(string pattern) => Compile(pattern).Error;

    private static Re2Pattern Compile(string pattern) => Compiled.GetOrAdd(pattern, Re2Pattern.TryCompile);
}
