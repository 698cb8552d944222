namespace Fairlead.Tailscale.Http;

/// <summary>One call, described so that it can be sent several times.</summary>
internal sealed record ApiRequest
{
    public required HttpMethod Method { get; init; }

    /// <summary>The path with placeholders: the bounded name that metrics carry.</summary>
    public required string Route { get; init; }

    /// <summary>The percent-encoded path from <c>/api/v2</c> on.</summary>
    public required string Path { get; init; }

    public string Query { get; init; } = "";

    public required RetryMode Retry { get; init; }

    /// <summary>Makes the body anew for each try; null for calls without one.</summary>
    public Func<HttpContent>? Content { get; init; }

    public string Accept { get; init; } = "application/json";

    /// <summary>Texts in the body that must not come back in an error, should the server echo them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The unquoted entity tag for <c>If-Match</c>.</summary>
    public string? IfMatch { get; init; }
}
