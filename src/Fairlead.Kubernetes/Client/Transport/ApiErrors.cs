using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Turns refusals and failures of the transport into this library's exceptions.</summary>
internal static class ApiErrors
{
    // Gateways answer with whole HTML pages; this much says what they are.
    private const int ShownText = 512;

    public static KubernetesApiException Refused(HttpResponseMessage response, ReadOnlySpan<byte> body, ApiRequest request, DateTimeOffset now)
    {
        var status = ReadStatus(body) ?? new Status
        {
            Code = (int)response.StatusCode,
            Message = body.IsEmpty ? response.ReasonPhrase ?? "no further explanation" : Shorten(body),
        };
        return new KubernetesApiException(
            response.StatusCode, status, RetryAfter(response.Headers.RetryAfter, status, now), request.Method.Method, request.Path);
    }

    /// <summary>A failure of the network on the way to the server or back.</summary>
    public static KubernetesConnectionException Unreachable(Uri server, string what, HttpRequestException error)
    {
        var root = error.GetBaseException().Message;
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new(
                server, $"{what}: the name of {server.Authority} cannot be resolved ({root}). Check the server address and DNS.", false, error),
            HttpRequestError.ConnectionError => new(
                server, $"{what}: {server.Authority} cannot be reached ({root}). Check that the API server runs and that no firewall is between.", false, error),
            HttpRequestError.SecureConnectionError => new(
                server, $"{what}: no TLS connection to {server.Authority} ({TlsReason(error)}). Check certificate-authority, tls-server-name and the client certificate.", false, error),
            HttpRequestError.ProxyTunnelError => new(
                server, $"{what}: the proxy refuses a tunnel to {server.Authority} ({root}). Check proxy-url or the proxy variables.", false, error),
            _ => Broken(server, what, error),
        };
    }

    /// <summary>A connection that was there and broke.</summary>
    public static KubernetesConnectionException Broken(Uri server, string what, Exception error) => new(
        server, $"{what}: the connection to {server.Authority} broke ({error.GetBaseException().Message}). Try again.", true, error);

    public static KubernetesConnectionException TimedOut(Uri server, string what, TimeSpan limit, Exception error) => new(
        server,
        string.Create(CultureInfo.InvariantCulture, $"{what}: {server.Authority} did not answer within {limit.TotalSeconds:0.###} s. Check that the API server is healthy, or raise the request timeout."),
        true,
        error);

    public static InvalidDataException Unreadable(string verb, string path, JsonException error) =>
        new($"{verb} {path}: the answer cannot be read as expected: {error.Message}", error);

    private static string TlsReason(HttpRequestException error) => error.InnerException?.Message ?? error.Message;

    private static Status? ReadStatus(ReadOnlySpan<byte> body)
    {
        try
        {
            var status = body.IsEmpty ? null : JsonSerializer.Deserialize(body, KubernetesJsonContext.Default.Status);
            return status?.Kind == "Status" ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Shorten(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, ShownText)]).Trim();
        return body.Length > ShownText ? text + " …" : text;
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, Status status, DateTimeOffset now)
    {
        if (header?.Delta is { } delta)
            return delta;

        if (header?.Date is { } date)
            return date > now ? date - now : TimeSpan.Zero;

        return status.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }
}
