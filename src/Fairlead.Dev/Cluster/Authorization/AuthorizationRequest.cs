namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>Who wants to do what. For non-resource requests <see cref="Path"/> is set and the resource members are empty.</summary>
public sealed record AuthorizationRequest
{
    public required UserInfo User { get; init; }

    /// <summary><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>, <c>impersonate</c>.</summary>
    public required string Verb { get; init; }

    public string Group { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Path { get; init; }
}
