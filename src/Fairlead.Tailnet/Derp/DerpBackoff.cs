namespace Fairlead.Tailnet.Derp;

/// <summary>How long to wait before the next attempt: doubling from one failure to the next, a random half taken off.</summary>
internal sealed class DerpBackoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _failures;
    private TimeSpan? _asked;

    public void Succeeded() => _failures = 0;

    /// <summary>The relay itself says when to return. It cannot keep anyone away for longer than a failure could.</summary>
    public void AskedToReturnIn(TimeSpan wait) => _asked = wait < Longest ? wait : Longest;

    public TimeSpan Next()
    {
        var limit = First * Math.Pow(2, Math.Min(_failures++, 16));
        var longest = limit < Longest ? limit : Longest;
        double share;
        lock (random)
            share = random.NextDouble();
        var wait = (_asked ?? TimeSpan.Zero) + (longest * (0.5 + (0.5 * share)));
        _asked = null;
        return wait;
    }
}
