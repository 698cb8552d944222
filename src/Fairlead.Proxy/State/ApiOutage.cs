using System.Net;
using Fairlead.Kubernetes.Client;

namespace Fairlead.Proxy.State;

/// <summary>What keeps the operator from being told: it waits, and must not end traffic that flows without it.</summary>
internal static class ApiOutage
{
    /// <summary>The API server is away, or has too much to do.</summary>
    public static bool IsCauseOf(Exception e) =>
        e is KubernetesConnectionException or KubernetesApiException { IsTooManyRequests: true } or KubernetesApiException { StatusCode: >= HttpStatusCode.InternalServerError };

    /// <summary>
    /// The same, or it refuses what it granted before. One that starts answers 401 and 403 until it has loaded its keys and roles, and a Secret
    /// that somebody deleted may be restored.
    /// </summary>
    public static bool IsCauseOfLate(Exception e) => e is KubernetesApiException || IsCauseOf(e);
}
