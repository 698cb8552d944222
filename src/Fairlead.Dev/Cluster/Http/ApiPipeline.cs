using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authentication;
using Fairlead.Dev.Cluster.Discovery;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Dev.Cluster.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>The way of every request: who, may they, faults, what, answer, account.</summary>
internal sealed class ApiPipeline(
    RequestAuthenticator authenticator,
    AccessControl access,
    FaultyExecution faults,
    ResourceEndpoints resources,
    DiscoveryEndpoints discovery,
    OpenApiEndpoints openApi,
    RequestMetrics metrics,
    AuditLog? audit,
    TimeProvider time)
{
    public async Task HandleAsync(HttpContext http)
    {
        var request = new ApiRequest(http, RequestInfoParser.Parse(http.Request)) { Received = time.GetUtcNow() };
        try
        {
            await faults.RunAsync(request, AnswerAsync).ConfigureAwait(false);
        }
        catch (ApiStatusException failure) when (!http.Response.HasStarted)
        {
            await ResponseWriter.FailureAsync(http, failure).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or a fault cut it off.
            http.Abort();
        }

        metrics.Count(request);
        audit?.Write(request, request.Received);
    }

    private async Task AnswerAsync(ApiRequest request)
    {
        try
        {
            request.User = authenticator.Authenticate(request.Http);
            access.Impersonate(request);
            access.Authorize(request);
            await DispatchAsync(request).ConfigureAwait(false);
        }
        catch (ApiStatusException failure) when (!request.Http.Response.HasStarted)
        {
            await ResponseWriter.FailureAsync(request.Http, failure).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && !request.Http.Response.HasStarted)
        {
            var failure = new ApiStatusException(500, "InternalError", $"Internal error occurred: {e.GetType().Name}: {e.Message}");
            await ResponseWriter.FailureAsync(request.Http, failure).ConfigureAwait(false);
        }
    }

    private Task DispatchAsync(ApiRequest request) => request.Info switch
    {
        { IsResource: true } => resources.HandleAsync(request),
        { Path: "/metrics", Verb: "get" } => ResponseWriter.TextAsync(request.Http, 200, metrics.Render(), RequestMetrics.ContentType),
        { Path: var path } when OpenApiEndpoints.Owns(path) => openApi.HandleAsync(request),
        _ => discovery.HandleAsync(request),
    };
}
