namespace Fairlead.Tailnet.WireGuard.Sessions;

/// <summary>
/// Which of the newest counters have been seen, as a ring of bits (RFC 6479): a message may overtake others and is still taken once only.
/// </summary>
internal sealed class ReplayWindow
{
    private const int BitsPerWord = 64;

    // One word more than the window: the newest word is in part ahead of it.
    private const int Words = (ProtocolLimits.ReplayWindow / BitsPerWord) + 1;

    private readonly ulong[] _seen = new ulong[Words];
    private ulong _newest;

    /// <summary>Whether the counter is so far behind that it cannot be told whether it was seen.</summary>
    public bool IsBehind(ulong counter) => counter < _newest && _newest - counter >= ProtocolLimits.ReplayWindow;

    /// <returns>False if the counter is behind the window, or was seen.</returns>
    public bool TryAdd(ulong counter)
    {
        if (IsBehind(counter))
        {
            return false;
        }

        if (counter > _newest)
        {
            var from = _newest / BitsPerWord;
            var skipped = Math.Min((counter / BitsPerWord) - from, Words);
            for (ulong word = 1; word <= skipped; word++)
            {
                _seen[(from + word) % Words] = 0;
            }

            _newest = counter;
        }

        ref var seen = ref _seen[counter / BitsPerWord % Words];
        var bit = 1UL << (int)(counter % BitsPerWord);
        var isNew = (seen & bit) == 0;
        seen |= bit;
        return isNew;
    }
}
