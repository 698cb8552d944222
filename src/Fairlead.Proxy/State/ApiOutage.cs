using System.Net;
using Fairlead.Kubernetes.Client;

namespace Fairlead.Proxy.State;

/// <summary>An API server that is away, or has too much to do: telling the operator waits, and must not end traffic that flows without it.</summary>
internal static class ApiOutage
{
    /// <summary>After which it is tried again.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    public static bool IsCauseOf(Exception e) =>
        e is KubernetesConnectionException or KubernetesApiException { IsTooManyRequests: true } or KubernetesApiException { StatusCode: >= HttpStatusCode.InternalServerError };
}
