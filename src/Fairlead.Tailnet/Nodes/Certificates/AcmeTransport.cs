using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>Signed requests to a certificate authority: nonces, retries of stale ones, problems as exceptions (RFC 8555, 6).</summary>
internal sealed class AcmeTransport(HttpMessageInvoker http, Uri directory, AcmeKey key, TimeProvider time)
{
    /// <summary>RFC 8555, 6.5 lets a server refuse any nonce, and a client try again with the one it got; a server that refuses more is broken.</summary>
    private const int MaxNonceRetries = 3;

    /// <summary>Certificates and orders take a few kilobytes.</summary>
    private const int MaxBody = 1 << 20;

    private JsonObject? _directory;
    private string? _nonce;

    public Uri? Account { get; set; }

    public AcmeKey Key => key;

    public Uri DirectoryUrl => directory;

    /// <returns>Null if the authority has no such resource.</returns>
    public async Task<Uri?> FindAsync(string resource, CancellationToken cancellationToken)
    {
        if (_directory is null)
        {
            using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, directory), cancellationToken).ConfigureAwait(false);
            _directory = (await ReadAsync(response, cancellationToken).ConfigureAwait(false)).Body as JsonObject
                ?? throw new AcmeException($"{directory} is no directory of a certificate authority.");
        }

        return _directory[resource]?.GetValue<string>() is { } url ? new Uri(directory, url) : null;
    }

    /// <exception cref="AcmeException">The authority has no such resource.</exception>
    public async Task<Uri> RequireAsync(string resource, CancellationToken cancellationToken) =>
        await FindAsync(resource, cancellationToken).ConfigureAwait(false)
        ?? throw new AcmeException($"The certificate authority {directory} has no '{resource}' in its directory.");

    public async Task<AcmeReply> PostAsync(Uri url, JsonNode? payload, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var nonce = Interlocked.Exchange(ref _nonce, null) ?? await NewNonceAsync(cancellationToken).ConfigureAwait(false);
            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(key.Sign(url, nonce, Account, payload)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/jose+json");
            using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            try
            {
                return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmeException e) when (e.Kind == "badNonce" && attempt < MaxNonceRetries)
            {
                // The refusal brought a new one.
            }
        }
    }

    public async Task<AcmeReply> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken).ConfigureAwait(false);
        return await ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> NewNonceAsync(CancellationToken cancellationToken)
    {
        var url = await RequireAsync("newNonce", cancellationToken).ConfigureAwait(false);
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Head, url), cancellationToken).ConfigureAwait(false);
        return Interlocked.Exchange(ref _nonce, null) ?? throw new AcmeException($"The certificate authority {directory} gives no nonce.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            // RFC 8555, 6.1: a client must say who it is.
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("fairlead", null));
            try
            {
                var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.Headers.TryGetValues("Replay-Nonce", out var nonces))
                {
                    _nonce = nonces.First();
                }

                return response;
            }
            catch (HttpRequestException e)
            {
                throw new AcmeException($"The certificate authority {directory} cannot be reached: {e.Message}", e);
            }
        }
    }

    private async Task<AcmeReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBody, cancellationToken).ConfigureAwait(false);
            text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new AcmeException($"The answer of the certificate authority {directory} did not arrive: {e.Message}", e);
        }

        var retryAfter = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - time.GetUtcNow()) : null;
        var body = Parse(text);
        if (response.IsSuccessStatusCode)
        {
            return new AcmeReply(text, body, response.Headers.Location is { } location ? new Uri(directory, location) : null, retryAfter);
        }

        var kind = body?["type"]?.ToString() ?? "";
        throw new AcmeException($"The certificate authority {directory} refuses (HTTP status {(int)response.StatusCode}): {body?["detail"]?.ToString() ?? "no reason given"}")
        {
            RetryAfter = retryAfter ?? (response.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.FromHours(1) : null),
            Kind = kind.StartsWith("urn:ietf:params:acme:error:", StringComparison.Ordinal) ? kind[(kind.LastIndexOf(':') + 1)..] : "",
        };
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.StartsWith('{') ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
