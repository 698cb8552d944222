using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authentication;
using Fairlead.Dev.Cluster.Discovery;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>The way of every request: who, may they, what, answer.</summary>
internal sealed class ApiPipeline(
    RequestAuthenticator authenticator, AccessControl access, ResourceEndpoints resources, DiscoveryEndpoints discovery)
{
    public async Task HandleAsync(HttpContext http)
    {
        var request = new ApiRequest(http, RequestInfoParser.Parse(http.Request));
        try
        {
            request.User = authenticator.Authenticate(http);
            access.Impersonate(request);
            access.Authorize(request);
            await DispatchAsync(request).ConfigureAwait(false);
        }
        catch (ApiStatusException failure) when (!http.Response.HasStarted)
        {
            await ResponseWriter.FailureAsync(http, failure).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private Task DispatchAsync(ApiRequest request)
    {
        if (request.Info.IsResource)
            return resources.HandleAsync(request);
        return discovery.HandleAsync(request);
    }
}
