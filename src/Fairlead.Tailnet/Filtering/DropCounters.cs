namespace Fairlead.Tailnet.Filtering;

/// <summary>Packets from peers that were dropped, by reason.</summary>
internal sealed class DropCounters
{
    private readonly long[] _counts = new long[(int)FilterVerdict.LinkLocal + 1];

    public void Add(FilterVerdict verdict) => Interlocked.Increment(ref _counts[(int)verdict]);

    public long this[FilterVerdict verdict] => Interlocked.Read(ref _counts[(int)verdict]);

    /// <summary>The reason's name in metrics, as tailscaled's user metrics call it.</summary>
    public static string Label(FilterVerdict verdict) => verdict switch
    {
        FilterVerdict.NotAllowed or FilterVerdict.JailedPeer or FilterVerdict.NotForUs => "acl",
        FilterVerdict.Multicast => "multicast",
        FilterVerdict.LinkLocal => "link_local_unicast",
        FilterVerdict.BadFragment => "fragment",
        _ => "error",
    };

    public IEnumerable<KeyValuePair<string, long>> ByLabel() =>
        from verdict in Enum.GetValues<FilterVerdict>()
        where verdict != FilterVerdict.Accept
        group this[verdict] by Label(verdict) into counts
        select KeyValuePair.Create(counts.Key, counts.Sum());
}
