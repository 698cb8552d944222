using System.Globalization;

namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>One call as it came in. Bearer tokens, client secrets and identity tokens are left out.</summary>
public sealed record CallRecord
{
    public required DateTimeOffset At { get; init; }

    public required string Method { get; init; }

    /// <summary>Decoded path, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Query string with its <c>?</c>, or empty.</summary>
    public required string Query { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string Body { get; init; }

    /// <summary>Id of the client behind the token; null if there was no valid one.</summary>
    public string? ClientId { get; init; }

    /// <summary>Status that was answered; null if the connection was cut instead.</summary>
    public int? Status { get; init; }

    public override string ToString() =>
        $"{Method} {Path}{Query} → {Status?.ToString(CultureInfo.InvariantCulture) ?? "cut"}";
}
