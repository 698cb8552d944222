namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>A certificate authority refuses, or says what makes no sense. The message names the authority and repeats its reason.</summary>
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

    /// <summary>The kind of problem as RFC 8555, 6.7 names it, e.g. <c>rateLimited</c>; empty for others.</summary>
    public string Kind { get; init; } = "";
}
