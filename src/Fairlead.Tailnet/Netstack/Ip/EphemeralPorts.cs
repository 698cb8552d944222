namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Ports for those who name none: every one of the dynamic range once, from a random beginning (RFC 6056 section 3.3.1).</summary>
internal static class EphemeralPorts
{
    private const int First = 32_768; // the range Linux uses; that of RFC 6335 begins at 49152 and is a third as large
    private const int Count = 28_000;

    public static IEnumerable<ushort> Candidates(StackRandom random)
    {
        var start = (int)(random.NextUInt64() % Count);
        for (var i = 0; i < Count; i++)
        {
            yield return (ushort)(First + ((start + i) % Count));
        }
    }
}
