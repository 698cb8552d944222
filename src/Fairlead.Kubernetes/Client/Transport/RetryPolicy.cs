using System.Net;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Decides whether a failed try may be repeated within the call, and after which wait.</summary>
internal sealed class RetryPolicy(Random random)
{
    // The first wait covers a failover behind a load balancer; the ceiling keeps several tries inside the default request timeout.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <returns>Null if the failure is to be reported.</returns>
    public TimeSpan? WaitBeforeRepeat(ApiRequest request, Exception failure, int attempt) => failure switch
    {
        // Too many requests: the server turned it away before it did anything.
        KubernetesApiException { IsTooManyRequests: true } refused => refused.RetryAfter ?? BackOff(attempt),

        // An overloaded or stopping server asks to come back; it has not begun with the request.
        KubernetesApiException { StatusCode: HttpStatusCode.ServiceUnavailable, RetryAfter: { } wait } => wait,

        // Other server errors may come after the work was done.
        KubernetesApiException { StatusCode: >= HttpStatusCode.InternalServerError, RetryAfter: { } wait } when request.Repeatable => wait,
        KubernetesConnectionException { RequestMayHaveArrived: false } => BackOff(attempt),
        KubernetesConnectionException when request.Method == HttpMethod.Get => BackOff(attempt),
        _ => null,
    };

    private TimeSpan BackOff(int attempt)
    {
        var ceiling = Math.Min(FirstWait.TotalMilliseconds * Math.Pow(2, attempt - 1), LongestWait.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (random.NextDouble() / 2)));
    }
}
