using System.Diagnostics;

namespace Fairlead.DevSessions;

/// <summary>Time since this process was started, which is when its user pressed the key.</summary>
internal sealed class SessionClock
{
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly TimeSpan _before;

    public SessionClock()
    {
        using var process = Process.GetCurrentProcess();
        _before = TimeProvider.System.GetUtcNow() - new DateTimeOffset(process.StartTime);
    }

    public TimeSpan Elapsed => _before + _since.Elapsed;
}
