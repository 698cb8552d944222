using System.Collections.Immutable;

namespace Fairlead.Bench.Operators;

/// <summary>How often an operator asked the API server for what: by verb and resource, such as <c>patch services/status</c>.</summary>
internal sealed record RequestTally(ImmutableSortedDictionary<string, long> Counts)
{
    public static readonly RequestTally Empty = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));

    private static readonly string[] Reads = ["get ", "list ", "watch "];

    public long Total => Counts.Values.Sum();

    /// <summary>Changes of objects. A lease is renewed for as long as its holder lives, whatever happens in the cluster.</summary>
    public long Writes => Counts
        .Where(entry => !Reads.Any(read => entry.Key.StartsWith(read, StringComparison.Ordinal)) && !entry.Key.EndsWith(" leases", StringComparison.Ordinal))
        .Sum(entry => entry.Value);

    public RequestTally Plus(string request, long times) => new(Counts.SetItem(request, Counts.GetValueOrDefault(request) + times));

    public RequestTally Since(RequestTally earlier) => new(Counts
        .Select(entry => KeyValuePair.Create(entry.Key, entry.Value - earlier.Counts.GetValueOrDefault(entry.Key)))
        .Where(entry => entry.Value != 0)
        .ToImmutableSortedDictionary(StringComparer.Ordinal));
}
