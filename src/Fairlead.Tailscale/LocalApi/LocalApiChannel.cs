using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Tailscale.Errors;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>HTTP over the unix socket: requests, limits, errors.</summary>
internal sealed class LocalApiChannel : IDisposable
{
    /// <summary>Every path begins with it.</summary>
    private const string Prefix = "/localapi/v0/";

    /// <summary>The daemon answers to this name only, lest a web page in a browser talks to it.</summary>
    private const string Host = "local-tailscaled.sock";

    /// <summary>Capability version of the clients whose calls these are.</summary>
    private const string Capability = "145";

    /// <summary>Errors are a line of text.</summary>
    private const int MaxErrorBytes = 16 * 1024;

    private readonly LocalApiOptions _options;
    private readonly HttpClient _http;

    public LocalApiChannel(LocalApiOptions options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://{Host}"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add("Tailscale-Cap", Capability);
    }

    /// <summary>Capability version of the daemon, from its last answer; 0 before the first.</summary>
    public int DaemonCapability { get; private set; }

    public void Dispose() => _http.Dispose();

    public async Task<T> CallAsync<T>(LocalApiCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync, CancellationToken cancellationToken)
    {
        var timeout = call.Timeout ?? _options.Timeout;
        using var limit = new CancellationTokenSource(timeout, _options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await SendAsync(call, both.Token).ConfigureAwait(false);
            return await readAsync(response, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LocalApiException(call.Method, call.Name, $"no answer within {timeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new LocalApiException(call.Method, call.Name, $"the answer was cut off: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new LocalApiException(call.Method, call.Name, $"the answer is not the JSON expected, at {e.Path}", e);
        }
    }

    public Task<T> JsonAsync<T>(LocalApiCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        CallAsync(
            call,
            async (response, token) =>
            {
                var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                return await JsonSerializer.DeserializeAsync(body, type, token).ConfigureAwait(false)
                    ?? throw new LocalApiException(call.Method, call.Name, "the answer is empty");
            },
            cancellationToken);

    public Task<string> TextAsync(LocalApiCall call, CancellationToken cancellationToken) =>
        CallAsync(call, (response, token) => response.Content.ReadAsStringAsync(token), cancellationToken);

    /// <summary>The answer once its head is there.</summary>
    /// <exception cref="LocalApiException">There is none, or it is an error.</exception>
    public async Task<HttpResponseMessage> SendAsync(LocalApiCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, Prefix + call.Name + call.Query);
        if (call.Body is { } body)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (call.IfMatch is { Length: > 0 } tag)
        {
            // The daemon's tags have no quotes.
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new LocalApiException(call.Method, call.Name, $"no tailscaled answers at {_options.Socket}: {e.Message}", e);
        }

        if (response.Headers.TryGetValues("Tailscale-Cap", out var values) && int.TryParse(values.First(), out var capability))
        {
            DaemonCapability = capability;
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ErrorAsync(call, response, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_options.Socket), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<LocalApiException> ErrorAsync(LocalApiCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = "";
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var buffer = new byte[MaxErrorBytes];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            text = Redaction.Apply(TextOf(buffer.AsMemory(0, length)), call.Secrets);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status that came before says enough.
        }

        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return new LocalApiException(call.Method, call.Name, text.Length == 0 ? status : $"{status}: {text}")
        {
            StatusCode = response.StatusCode,
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    /// <summary>Plain text mostly; some calls wrap it as <c>{"error":"…"}</c>, with a large or a small letter.</summary>
    private static string TextOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var field in document.RootElement.EnumerateObject())
                {
                    if (field.NameEquals("error") || field.NameEquals("Error"))
                    {
                        return field.Value.ToString();
                    }
                }
            }
        }
        catch (JsonException)
        {
            // Plain text.
        }

        return Encoding.UTF8.GetString(body.Span).Trim();
    }
}
