using System.Net;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>
/// A call that a tailscaled refused or did not answer. The message reads "METHOD path: 500 Internal Server Error: what the daemon said" and
/// never holds a secret.
/// </summary>
public sealed class LocalApiException : Exception
{
    internal LocalApiException(HttpMethod method, string path, string detail, Exception? cause = null)
        : base($"tailscaled's LocalAPI, {method} {path}: {detail}", cause) => Detail = detail;

    /// <summary>Null if there was no whole answer.</summary>
    public HttpStatusCode? StatusCode { get; internal init; }

    /// <summary>What went wrong, in the daemon's own words where it gave any.</summary>
    public string Detail { get; }

    /// <summary>How long to wait before asking again, as a certificate authority's limits say; null if nothing was said.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>The daemon does not have this call: it is older or newer than the caller thinks.</summary>
    public bool IsUnknownCall => StatusCode == HttpStatusCode.NotFound && Detail.EndsWith("page not found", StringComparison.Ordinal);

    /// <summary>Somebody else wrote in between: read again and decide anew.</summary>
    public bool IsConflict => StatusCode == HttpStatusCode.PreconditionFailed;
}
