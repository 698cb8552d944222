namespace Fairlead.Dev.Tailnet.RestApi;

internal sealed record ErrorBody(string Message)
{
    public IReadOnlyList<ErrorSubject>? Data { get; init; }

    /// <summary>RFC 6749 error code; token endpoints only.</summary>
    public string? Error { get; init; }
}
