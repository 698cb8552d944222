using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>A bearer token in a file that others renew, such as the kubelet.</summary>
internal sealed partial class TokenFileCredentialSource(string path, TimeProvider timeProvider, ILogger logger) : ICredentialSource
{
    // The kubelet renews after 80 % of a token's life, of at least 10 minutes: looking this often never meets an expired one.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Credentials? _current;
    private long _checked;

    public ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current is null || timeProvider.GetElapsedTime(_checked) >= CheckInterval)
            {
                _current = Read(_current);
                _checked = timeProvider.GetTimestamp();
            }

            return ValueTask.FromResult(_current);
        }
    }

    public void Reject(Credentials refused)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current, refused))
                _checked = timeProvider.GetTimestamp() - (long)(CheckInterval.TotalSeconds * timeProvider.TimestampFrequency);
        }
    }

    private Credentials Read(Credentials? current)
    {
        try
        {
            var token = File.ReadAllText(path).Trim();
            if (token.Length == 0)
                return current is null ? throw new CredentialException($"The token file {path} is empty. Write the bearer token into it.") : Keep(current, "it is empty");

            return token == current?.BearerToken ? current : new Credentials { BearerToken = token };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (current is null)
                throw new CredentialException($"The token file {path} cannot be read ({e.Message}). Check that it exists and is readable.", e);

            return Keep(current, e.Message);
        }
    }

    /// <summary>For a file that is being replaced, and is away or empty for a moment: the token read before may still be good.</summary>
    private Credentials Keep(Credentials current, string problem)
    {
        LogUnreadable(logger, path, problem);
        return current;
    }

    [LoggerMessage(LogLevel.Warning, "The token file {Path} cannot be read ({Reason}); the last token stays in use")]
    private static partial void LogUnreadable(ILogger logger, string path, string reason);
}
