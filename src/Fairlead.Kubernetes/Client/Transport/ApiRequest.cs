namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>One call, independent of how often it is sent.</summary>
internal sealed record ApiRequest(HttpMethod Method, string Path)
{
    public const string Json = "application/json";

    /// <summary>Already escaped, without the question mark.</summary>
    public string Query { get; init; } = "";

    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    public string Accept { get; init; } = Json;

    /// <summary>Kubernetes verb, for metrics: <c>get</c>, <c>list</c>, <c>apply</c> …</summary>
    public required string Verb { get; init; }

    /// <summary><c>plural.group[/subresource]</c>, for metrics.</summary>
    public required string Resource { get; init; }

    /// <summary>Sending it twice does no harm.</summary>
    public bool Repeatable { get; init; }
}
