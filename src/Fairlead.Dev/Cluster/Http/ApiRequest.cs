using Fairlead.Dev.Cluster.Authorization;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>One HTTP request with what is known about it.</summary>
internal sealed class ApiRequest(HttpContext http, RequestInfo info)
{
    public HttpContext Http { get; } = http;

    public RequestInfo Info { get; } = info;

    /// <summary>When the request came in.</summary>
    public required DateTimeOffset Received { get; init; }

    public UserInfo User { get; set; } = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>Who the request came from, where <see cref="User"/> is impersonated.</summary>
    public UserInfo? Impersonator { get; set; }

    public string UserAgent => Http.Request.Headers.UserAgent.ToString();

    public IQueryCollection Query => Http.Request.Query;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Scope label of metrics.</summary>
    public string Scope => Info.Name is not null ? "resource" : Info.Namespace is not null ? "namespace" : "cluster";
}
