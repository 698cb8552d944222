namespace Fairlead.Proxy.Certificates;

/// <summary>When to ask for a certificate again: authorities count failed orders for a week, so tries get rare soon.</summary>
internal sealed class RetrySchedule
{
    /// <summary>Between looks at a certificate that is there; what is due for renewal is renewed by a look.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromHours(24);

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan[] AfterFailures = [Shortest, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(100), Recheck];

    private int _failures;

    public TimeSpan Succeeded()
    {
        _failures = 0;
        return Recheck;
    }

    public TimeSpan Failed(CertificateUnavailableException failure) =>
        failure.RetryAfter is { } wished ? (wished > Shortest ? wished : Shortest)
        : failure.IsTransient ? Shortest
        : AfterFailures[Math.Min(_failures++, AfterFailures.Length - 1)];
}
