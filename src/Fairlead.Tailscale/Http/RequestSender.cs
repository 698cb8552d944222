using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Telemetry;

namespace Fairlead.Tailscale.Http;

/// <summary>Sends a call, again where that is safe, and turns every way it can fail into one exception type.</summary>
internal sealed class RequestSender(HttpClient http, TailscaleClientOptions options)
{
    private readonly string _root = options.BaseAddress.AbsoluteUri.TrimEnd('/');
    private readonly Backoff _backoff = new(options.Random);

    /// <param name="request">What to send.</param>
    /// <param name="authorization">The credentials to send along, if any.</param>
    /// <param name="read">Reads a 2xx answer. A connection that breaks meanwhile counts as a failed try.</param>
    /// <param name="ct">Ends the tries.</param>
    public async Task<T> SendAsync<T>(
        ApiRequest request,
        AuthenticationHeaderValue? authorization,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryOnceAsync(request, authorization, read, ct);
            }
            catch (TailscaleApiException e) when (attempt < options.MaxAttempts && MayRetry(request, e))
            {
                var wait = _backoff.Next(attempt, e.RetryAfter);
                Log.Retrying(options.Logger, options.Name, e.Message, attempt, wait.TotalSeconds);
                await Task.Delay(wait, options.Time, ct);
            }
        }
    }

    private async Task<T> TryOnceAsync<T>(
        ApiRequest request,
        AuthenticationHeaderValue? authorization,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken ct)
    {
        using var message = Compose(request);
        message.Headers.Authorization = authorization;
        var start = options.Time.GetTimestamp();
        var code = TailscaleMetrics.NoAnswer;
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
            code = TailscaleMetrics.CodeOf(response.StatusCode);
            if (!response.IsSuccessStatusCode)
            {
                throw await ApiErrorReader.ReadAsync(response, request, RetryAfterOf(response), ct);
            }
            return await read(response, ct);
        }
        catch (HttpRequestException e)
        {
            throw new TailscaleApiException(request.Method.Method, request.Path, $"no answer: {Describe(e)}", e);
        }
        catch (OperationCanceledException e) when (IsConnectTimeout(e))
        {
            throw new TailscaleApiException(
                request.Method.Method, request.Path, $"no connection within {ConnectionFactory.ConnectTimeout.TotalSeconds} s", e);
        }
        catch (IOException e)
        {
            throw new TailscaleApiException(request.Method.Method, request.Path, $"the answer broke off: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new TailscaleApiException(
                request.Method.Method, request.Path, $"the answer is not the JSON expected: {Redaction.Apply(e.Message, request.Secrets)}")
            { StatusCode = HttpStatusCode.OK };
        }
        finally
        {
            TailscaleMetrics.RecordRequest(options.Name, request, code, options.Time.GetElapsedTime(start));
        }
    }

    private HttpRequestMessage Compose(ApiRequest request)
    {
        var message = new HttpRequestMessage(request.Method, _root + request.Path + request.Query)
        {
            Content = request.Content?.Invoke(),
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(request.Accept));
        if (request.IfMatch is { } tag) message.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{tag}\""));
        return message;
    }

    private bool MayRetry(ApiRequest request, TailscaleApiException e)
    {
        if (e.RetryAfter > options.MaxRetryAfter) return false;
        if (e.StatusCode == HttpStatusCode.TooManyRequests) return true;
        if (e.StatusCode is null && NeverSent(e.InnerException)) return true;
        return request.Retry == RetryMode.Idempotent && e.StatusCode is null
            or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout;
    }

    // These are raised while the connection is set up, before a byte of the request is written.
    private static bool NeverSent(Exception? cause) => IsConnectTimeout(cause) || cause is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    // How the handler tells that its limit for connecting has passed, as opposed to somebody cancelling the call.
    private static bool IsConnectTimeout(Exception? e) => e is OperationCanceledException { InnerException: TimeoutException };

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } header) return null;
        var wait = header.Delta ?? (header.Date - options.Time.GetUtcNow());
        return wait is { } known && known < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // The inner exception holds what the socket or TLS said; the outer one often just points at it.
    private static string Describe(HttpRequestException e) =>
        e.InnerException is { } inner && inner.Message != e.Message ? $"{e.Message} ({inner.Message})" : e.Message;
}
