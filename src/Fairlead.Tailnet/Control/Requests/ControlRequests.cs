using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fairlead.Tailnet.Control.Transport;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Requests;

/// <summary>Requests with JSON to the coordination server, and what its refusals mean.</summary>
internal sealed class ControlRequests(IControlConnection connection, TimeProvider time)
{
    /// <summary>Names the node to load balancers before the server.</summary>
    private const string LoadBalancerHeader = "Ts-Lb";

    /// <summary>Largest answer to anything but the map stream: 1 MiB, the limit of other clients too.</summary>
    private const int MaxAnswer = 1 << 20;

    private const int MaxErrorText = 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <exception cref="ControlServerException">Refused.</exception>
    /// <exception cref="IOException">The connection failed, or the answer is none.</exception>
    /// <exception cref="HttpRequestException">The connection failed.</exception>
    public async Task<TResponse> PostAsync<TRequest, TResponse>(string path, TRequest request, CancellationToken cancellationToken, params NodePublicKey[] nodes)
        where TRequest : class
        where TResponse : class
    {
        using var response = await SendAsync(HttpMethod.Post, path, ControlJson.Serialize(request), cancellationToken, nodes).ConfigureAwait(false);
        var body = await ReadAsync(path, response, MaxAnswer, cancellationToken).ConfigureAwait(false);
        try
        {
            return ControlJson.Deserialize<TResponse>(body);
        }
        catch (JsonException e)
        {
            throw new IOException($"The coordination server's answer to {path} is no {typeof(TResponse).Name}.", e);
        }
    }

    /// <summary>Sends and takes an answer whose body does not matter.</summary>
    /// <inheritdoc cref="PostAsync"/>
    public async Task SendOnlyAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken, params NodePublicKey[] nodes)
    {
        using var response = await SendAsync(method, path, body, cancellationToken, nodes).ConfigureAwait(false);
    }

    /// <summary>Sends, and returns as soon as the server accepted, with the body to come.</summary>
    /// <inheritdoc cref="PostAsync"/>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken, params NodePublicKey[] nodes)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
        foreach (var node in nodes)
        {
            if (!node.IsZero) request.Headers.TryAddWithoutValidation(LoadBalancerHeader, node.ToString());
        }

        var response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var text = await ErrorTextAsync(response, cancellationToken).ConfigureAwait(false);
            throw new ControlServerException(path.Split('?')[0], response.StatusCode, text, RetryAfter(response));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new ArrayBufferWriter<byte>();
            while (buffer.WrittenCount < limit)
            {
                var room = buffer.GetMemory(Math.Min(4096, limit - buffer.WrittenCount));
                var got = await stream.ReadAsync(room[..Math.Min(room.Length, limit - buffer.WrittenCount)], cancellationToken).ConfigureAwait(false);
                if (got == 0) break;
                buffer.Advance(got);
            }

            return buffer.WrittenMemory;
        }
    }

    private static async Task<byte[]> ReadAsync(string path, HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, limit + 1, cancellationToken).ConfigureAwait(false);
        return body.Length <= limit
            ? body.ToArray()
            : throw new IOException($"The coordination server's answer to {path} is larger than the limit of {limit} bytes.");
    }

    private static async Task<string> ErrorTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ReadBodyAsync(response, MaxErrorText, cancellationToken).ConfigureAwait(false);
            return ServerText.Clean(Encoding.UTF8.GetString(body.Span));
        }
        // The status says enough when the text is cut off.
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "";
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
