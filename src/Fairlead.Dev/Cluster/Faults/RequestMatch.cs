using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Faults;

/// <summary>Which requests a fault is for. Members that are null match everything; patterns match anywhere in the text.</summary>
public sealed record RequestMatch
{
    public static readonly RequestMatch Everything = new();

    /// <summary>API verb: <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>.</summary>
    public string? Verb { get; init; }

    public string? Group { get; init; }

    /// <summary>Plural name of the resource.</summary>
    public string? Resource { get; init; }

    /// <summary>The subresource; empty: only the main resource.</summary>
    public string? Subresource { get; init; }

    public Regex? Namespace { get; init; }

    public Regex? Name { get; init; }

    public Regex? UserAgent { get; init; }

    /// <summary>Pattern for the query, for example <c>continue=</c> for later pages of a list.</summary>
    public Regex? Query { get; init; }

    internal bool Matches(ApiRequest request)
    {
        var info = request.Info;
        return (Verb ?? info.Verb) == info.Verb
            && (Group ?? info.Group) == info.Group
            && (Resource ?? info.Resource) == info.Resource
            && (Subresource is null || Subresource == (info.Subresource ?? ""))
            && (Namespace?.IsMatch(info.Namespace ?? "") ?? true)
            && (Name?.IsMatch(info.Name ?? "") ?? true)
            && (UserAgent?.IsMatch(request.UserAgent) ?? true)
            && (Query?.IsMatch(request.Http.Request.QueryString.Value ?? "") ?? true);
    }
}
