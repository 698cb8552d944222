using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Errors;

namespace Fairlead.Tailscale.Http;

/// <summary>What the capability clients speak through: authenticated calls with JSON in and out.</summary>
internal sealed class ApiChannel(RequestSender sender, AccessTokenCache tokens, TailscaleClientOptions options)
{
    private const string TailnetRoute = "/api/v2/tailnet/{tailnet}";

    private readonly string _tailnetPath = "/api/v2/tailnet/" + Uri.EscapeDataString(options.Tailnet);

    /// <summary>A call below the tailnet's path.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="route">Route below the tailnet, e.g. <c>/keys/{id}</c>.</param>
    /// <param name="id">What replaces the last segment of <paramref name="route"/>; null if it has no placeholder.</param>
    /// <param name="retry">Whether sending twice is harmless.</param>
    public ApiRequest Tailnet(HttpMethod method, string route, string? id = null, RetryMode retry = RetryMode.Idempotent) => new()
    {
        Method = method,
        Route = TailnetRoute + route,
        Path = _tailnetPath + Expand(route, id),
        Retry = retry,
    };

    /// <summary>A call outside the tailnet's path, e.g. <c>/api/v2/device/{id}</c>.</summary>
    public static ApiRequest Global(HttpMethod method, string route, string id) => new()
    {
        Method = method,
        Route = route,
        Path = Expand(route, id),
        Retry = RetryMode.Idempotent,
    };

    public Task<T> CallAsync<T>(ApiRequest request, JsonTypeInfo<T> reply, CancellationToken ct) =>
        CallAsync(request, (response, stop) => ReadJsonAsync(response, reply, stop), ct);

    public async Task<T> CallAsync<T>(
        ApiRequest request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        return await TimeLimit.RunAsync(request, options, CallAuthorizedAsync, ct);

        async Task<T> CallAuthorizedAsync(CancellationToken stop)
        {
            var token = await tokens.GetAsync(stop);
            try
            {
                return await sender.SendAsync(request, Authorization(token), read, stop);
            }
            catch (TailscaleApiException e) when (e.StatusCode == HttpStatusCode.Unauthorized)
            {
                // A token can be revoked before it expires. A 401 was not processed, so any call may be sent again, once.
                tokens.Invalidate(token);
                return await sender.SendAsync(request, Authorization(await tokens.GetAsync(stop)), read, stop);
            }
        }
    }

    /// <summary>As <see cref="CallAsync{T}(ApiRequest, JsonTypeInfo{T}, CancellationToken)"/>, with null for 404.</summary>
    public async Task<T?> FindAsync<T>(ApiRequest request, JsonTypeInfo<T> reply, CancellationToken ct)
        where T : class
    {
        try
        {
            return await CallAsync(request, reply, ct);
        }
        catch (TailscaleApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<DeleteOutcome> DeleteAsync(ApiRequest request, CancellationToken ct)
    {
        try
        {
            return await CallAsync(request, static (_, _) => Task.FromResult(DeleteOutcome.Deleted), ct);
        }
        catch (TailscaleApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return DeleteOutcome.AlreadyGone;
        }
    }

    public static Func<HttpContent> Json<T>(T value, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    public static async Task<T> ReadJsonAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        return await JsonSerializer.DeserializeAsync(stream, type, ct)
            ?? throw new JsonException("the answer is null");
    }

    private static AuthenticationHeaderValue Authorization(AccessToken token) => new("Bearer", token.Secret.Reveal());

    private static string Expand(string route, string? id)
    {
        if (id is null) return route;
        // "." and ".." would be taken out of the path with their parent and address another object.
        if (id is "" or "." or "..") throw new ArgumentException($"\"{id}\" is not an identifier.", nameof(id));
        return route[..route.IndexOf('{', StringComparison.Ordinal)] + Uri.EscapeDataString(id);
    }
}
