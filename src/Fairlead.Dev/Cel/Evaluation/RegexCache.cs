using System.Collections.Concurrent;
using Fairlead.Dev.Cel.Libraries;

namespace Fairlead.Dev.Cel.Evaluation;

/// <summary>The patterns one program has met. Bounded, since patterns may come from the data.</summary>
internal sealed class RegexCache
{
    private const int MaxPatterns = 64;

    private readonly ConcurrentDictionary<string, Re2Pattern> _patterns = new(StringComparer.Ordinal);

    public Re2Pattern Get(string pattern)
    {
        if (_patterns.TryGetValue(pattern, out var known))
            return known;
        var compiled = Re2Pattern.TryCompile(pattern);
        if (_patterns.Count < MaxPatterns)
            _patterns.TryAdd(pattern, compiled);
        return compiled;
    }
}
