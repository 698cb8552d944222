using System.Net;

namespace Fairlead.Tailnet.Control.Requests;

/// <summary>The coordination server refused a request.</summary>
/// <param name="path">What was asked.</param>
/// <param name="text">What the server said, shortened.</param>
/// <param name="retryAfter">How long the server wants to be left alone; null if it did not say.</param>
public sealed class ControlServerException(string path, HttpStatusCode status, string text, TimeSpan? retryAfter)
    : Exception($"The coordination server answered {path} with {(int)status}{(text.Length > 0 ? ": " + text : ".")}")
{
    public HttpStatusCode Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>How long the server asked to be left alone, if that is what a failure is about.</summary>
    internal static TimeSpan? WaitAskedWith(Exception failure) => (failure as ControlServerException)?.RetryAfter;

    /// <summary>Whether the same request may succeed later: the server is overloaded, or ill.</summary>
    public bool IsTransient => (int)Status >= 500 || Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
}
