namespace Fairlead.Proxy.Certificates;

/// <summary>There is no certificate for a name just now; the message says why.</summary>
internal sealed class CertificateUnavailableException(string message, Exception innerException) : Exception(message, innerException)
{
    /// <summary>When the authority's limits allow the next try; null if they were not the reason.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether something on the way to the authority failed, and not the order.</summary>
    public bool IsTransient { get; init; }
}
