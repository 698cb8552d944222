namespace Fairlead.Dev.Cluster.Http;

/// <summary>What a request's method and path ask for.</summary>
internal sealed record RequestInfo
{
    public required string Path { get; init; }

    /// <summary>API verb of resource requests, HTTP method in lower case of others.</summary>
    public required string Verb { get; init; }

    public bool IsResource { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Resource { get; init; } = "";

    public string? Subresource { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }
}
