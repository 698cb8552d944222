using Fairlead.Proxy.Configuration;
using Fairlead.Tailscale.Errors;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>Gives on what the daemon and its command line say, without what lets devices in. The last lines are kept: they tell why one ended.</summary>
internal sealed partial class DaemonLog(ILogger logger, LoginCredentials credentials)
{
    /// <summary>An error and what led to it.</summary>
    private const int KeptLines = 5;

    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new();

    // References to files are no secrets, and what is in them is found by its form.
    private readonly string[] _secrets =
        [.. new[] { credentials.AuthKey, credentials.ClientSecret, credentials.IdToken }.Where(secret => !secret.StartsWith("file:", StringComparison.Ordinal))];

    /// <summary>The last lines, as one; empty if there was none.</summary>
    public string LastLines
    {
        get
        {
            lock (_gate)
            {
                return string.Join(" | ", _last);
            }
        }
    }

    public void Write(string line)
    {
        var text = Redaction.Apply(line, _secrets).TrimEnd();
        if (text.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            _last.Enqueue(text);
            if (_last.Count > KeptLines)
            {
                _last.Dequeue();
            }
        }

        Line(logger, text);
    }

    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    private static partial void Line(ILogger logger, string line);
}
