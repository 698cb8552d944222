namespace Fairlead.Dev.Runner.Containers;

/// <summary>How long to wait before a container is started again, as a kubelet does.</summary>
internal sealed class RestartBackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // A run of this length counts as a success.
    private static readonly TimeSpan Forgets = TimeSpan.FromMinutes(10);

    private TimeSpan _next;

    /// <summary>The wait after a run: none after the first, then 10 seconds, and twice as long each time.</summary>
    public TimeSpan After(TimeSpan run)
    {
        if (run >= Forgets)
            _next = TimeSpan.Zero;
        var wait = _next;
        _next = wait == TimeSpan.Zero ? First : wait * 2 < Longest ? wait * 2 : Longest;
        return wait;
    }
}
