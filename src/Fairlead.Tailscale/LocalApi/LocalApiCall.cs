namespace Fairlead.Tailscale.LocalApi;

/// <param name="Name">Path after the prefix; without a query, which may hold what others need not read.</param>
internal sealed record LocalApiCall(HttpMethod Method, string Name)
{
    /// <summary>With its question mark; empty for none.</summary>
    public string Query { get; init => field = value ?? ""; } = "";

    /// <summary>JSON; null for none.</summary>
    public string? Body { get; init; }

    public string? IfMatch { get; init; }

    /// <summary>Null for the usual limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Secrets in the body: an error may repeat them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    public override string ToString() => $"{Method} {Name}";
}
