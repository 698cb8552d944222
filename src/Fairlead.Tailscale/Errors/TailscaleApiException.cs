using System.Net;

namespace Fairlead.Tailscale.Errors;

/// <summary>
/// A call the control plane refused, or did not answer. The message reads "METHOD /path: 400 Bad Request: what the API
/// said" and never holds a secret.
/// </summary>
public class TailscaleApiException : Exception
{
    internal TailscaleApiException(string method, string path, string detail, Exception? cause = null)
        : base($"{method} {path}: {detail}", cause)
    {
        Method = method;
        Path = path;
        Detail = detail;
    }

    /// <summary>The HTTP status; null if there was no (whole) answer: refused or cut connection, time limit.</summary>
    public HttpStatusCode? StatusCode { get; internal init; }

    /// <summary>What went wrong, in the API's own words where it gave any, without method and path.</summary>
    public string Detail { get; }

    /// <summary>The HTTP method of the call.</summary>
    public string Method { get; }

    /// <summary>The percent-encoded path of the call, without its query.</summary>
    public string Path { get; }

    /// <summary>How long the API asked to be left alone, counted from the answer; null if it did not say.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Errors the API gave per user or object, e.g. failed tests of a policy file.</summary>
    public IReadOnlyList<SubjectErrors> Subjects { get; internal init; } = [];
}
