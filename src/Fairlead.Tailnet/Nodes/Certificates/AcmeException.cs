namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>
/// A certificate cannot be had: its authority refuses, or says what makes no sense, or something on the way to it failed. The message names
/// who it was and repeats the reason.
/// </summary>
public sealed class AcmeException : Exception
{
    public AcmeException()
    {
    }

    public AcmeException(string message)
        : base(message)
    {
    }

    public AcmeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>When the authority says to come back, at the earliest; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether something on the way to the certificate failed, and no decision of the authority: the same may succeed soon.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The kind of problem as RFC 8555, 6.7 names it, e.g. <c>rateLimited</c>; empty for others.</summary>
    public string Kind { get; init; } = "";
}
