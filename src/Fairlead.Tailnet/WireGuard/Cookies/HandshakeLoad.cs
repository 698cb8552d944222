namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>Whether more handshakes arrive than this side is willing to spend time on without asking for cookies.</summary>
/// <param name="perSecond">Handshake messages answered without a cookie, on average; a fourth of it at once.</param>
internal sealed class HandshakeLoad(int perSecond, TimeProvider time)
{
    // Load comes in waves: what was too much a moment ago is not trusted at once.
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly double _burst = Math.Max(1, perSecond / 4.0);
    private double _tokens = Math.Max(1, perSecond / 4.0);
    private long _filledAt = time.GetTimestamp();
    private long? _overAt;

    /// <summary>Counts a message.</summary>
    /// <returns>Whether its sender has to show a cookie.</returns>
    public bool IsOver()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
            _filledAt = now;
            if (_tokens < 1)
            {
                _overAt = now;
                return true;
            }

            if (_overAt is { } since && time.GetElapsedTime(since, now) < Lasts)
            {
                return true;
            }

            _overAt = null;
            _tokens--;
            return false;
        }
    }
}
