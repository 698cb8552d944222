namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>
/// When a certificate may be ordered again after failures: authorities count failed proofs (Let's Encrypt: five an hour for a name) and
/// every order, so a server under load must not make one for each of its connections.
/// </summary>
internal sealed class OrderBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private AcmeException? _failure;
    private TimeSpan _wait;
    private DateTimeOffset _until;

    public void Succeeded()
    {
        lock (_lock)
        {
            (_failure, _wait, _until) = (null, default, default);
        }
    }

    public void Failed(AcmeException failure, DateTimeOffset now)
    {
        lock (_lock)
        {
            _failure = failure;
            _wait = _wait == default ? First : _wait * 2 < Longest ? _wait * 2 : Longest;
            _until = now + (failure.RetryAfter is { } wished && wished > _wait ? wished : _wait);
        }
    }

    /// <exception cref="AcmeException">It is too early; says why the last order failed.</exception>
    public void ThrowIfWaiting(string domain, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_failure is not null && now < _until)
            {
                throw new AcmeException($"The last order of a certificate for {domain} failed; the next is made after {_until:u}. {_failure.Message}", _failure)
                {
                    RetryAfter = _until - now,
                    Kind = _failure.Kind,
                    IsTransient = _failure.IsTransient,
                };
            }
        }
    }
}
