using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>Signed requests to a certificate authority: nonces, retries of stale ones, problems as exceptions (RFC 8555, 6).</summary>
internal sealed class AcmeTransport(HttpMessageInvoker http, Uri directory, AcmeKey key, TimeProvider time)
{
    /// <summary>RFC 8555, 6.5 lets a server refuse any nonce, and a client try again with the one it got; a server that refuses more is broken.</summary>
    private const int MaxNonceRetries = 3;

    /// <summary>Certificates and orders take a few kilobytes.</summary>
    private const int MaxBody = 1 << 20;

    /// <summary>For one answer: authorities answer in a second or two, and what takes long is asked for again and again.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private JsonObject? _directory;
    private string? _nonce;

    public Uri? Account { get; set; }

    public AcmeKey Key => key;

    public Uri DirectoryUrl => directory;

    /// <returns>Null if the authority has no such resource.</returns>
    public async Task<Uri?> FindAsync(string resource, CancellationToken cancellationToken)
    {
        _directory ??= (await ExchangeAsync(new HttpRequestMessage(HttpMethod.Get, directory), cancellationToken).ConfigureAwait(false)).Body
            ?? throw new AcmeException($"{directory} is no directory of a certificate authority.");
        return AcmeJson.ToHttpUri(directory, _directory.Text(resource));
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
            try
            {
                return await ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmeException e) when (e.Kind == "badNonce" && attempt < MaxNonceRetries)
            {
                // The refusal brought a new one.
            }
        }
    }

    public Task<AcmeReply> GetAsync(Uri url, CancellationToken cancellationToken) => ExchangeAsync(new HttpRequestMessage(HttpMethod.Get, url), cancellationToken);

    private async Task<string> NewNonceAsync(CancellationToken cancellationToken)
    {
        var url = await RequireAsync("newNonce", cancellationToken).ConfigureAwait(false);
        await ExchangeAsync(new HttpRequestMessage(HttpMethod.Head, url), cancellationToken).ConfigureAwait(false);
        return Interlocked.Exchange(ref _nonce, null) ?? throw new AcmeException($"The certificate authority {directory} gives no nonce.");
    }

    private async Task<AcmeReply> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using (request)
        {
            // RFC 8555, 6.1: a client must say who it is.
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("fairlead", null));
            try
            {
                using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
                if (response.Headers.TryGetValues("Replay-Nonce", out var nonces))
                {
                    _nonce = nonces.First();
                }

                await response.Content.LoadIntoBufferAsync(MaxBody, either.Token).ConfigureAwait(false);

                // JSON and PEM are UTF-8, whatever the header says.
                var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false));
                return Read(response, text);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw new AcmeException($"The certificate authority {directory} cannot be asked: {e.Message}", e) { IsTransient = true };
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new AcmeException($"The certificate authority {directory} did not answer within {AnswerLimit.TotalSeconds:0} s.", e) { IsTransient = true };
            }
        }
    }

    private AcmeReply Read(HttpResponseMessage response, string text)
    {
        var retryAfter = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - time.GetUtcNow()) : null;
        var body = AcmeJson.Parse(text);
        if (response.IsSuccessStatusCode)
        {
            return new AcmeReply(text, body, AcmeJson.ToHttpUri(directory, response.Headers.Location?.OriginalString), retryAfter);
        }

        var kind = body.Text("type") ?? "";
        throw new AcmeException($"The certificate authority {directory} refuses (HTTP status {(int)response.StatusCode}): {body.Text("detail") ?? "no reason given"}")
        {
            RetryAfter = retryAfter ?? (response.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.FromHours(1) : null),
            Kind = kind.StartsWith("urn:ietf:params:acme:error:", StringComparison.Ordinal) ? kind[(kind.LastIndexOf(':') + 1)..] : "",
        };
    }
}
