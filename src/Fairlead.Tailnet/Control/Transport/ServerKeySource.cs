using System.Net;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>Asks the server for its key, over TLS that verifies as everywhere, and remembers it.</summary>
internal sealed class ServerKeySource(ControlConnectionOptions options)
{
    // Two keys take some 200 bytes.
    private const int MaxReplySize = 64 * 1024;

    private MachinePublicKey? _known;

    public async Task<MachinePublicKey> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known)
        {
            return known;
        }

        var key = await FetchAsync(cancellationToken).ConfigureAwait(false);
        _known = key;
        return key;
    }

    /// <summary>Asks again the next time: the server may have got another key.</summary>
    public void Forget() => _known = null;

    private async Task<MachinePublicKey> FetchAsync(CancellationToken cancellationToken)
    {
        var url = new Uri(options.ControlUrl, $"/key?v={options.Version}");
        byte[] reply;
        try
        {
            // For one request in the life of a node: nothing to keep.
            using var handler = ControlHttp.CreateHandler(options, address: null);
            if (options.ServerCertificateValidation is { } validation)
            {
                handler.SslOptions.RemoteCertificateValidationCallback = validation;
            }

            using var client = new HttpClient(handler) { MaxResponseContentBufferSize = MaxReplySize, Timeout = Timeout.InfiniteTimeSpan };
            using var response = await client.GetAsync(url, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Failure(url, $"the answer is HTTP status {(int)response.StatusCode}", null);
            }

            reply = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw Failure(url, e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message, e);
        }

        return KeyIn(reply, url);
    }

    private static MachinePublicKey KeyIn(byte[] reply, Uri url)
    {
        try
        {
            var key = ControlJson.Deserialize<ControlKeys>(reply).PublicKey;
            return key.IsZero ? throw Failure(url, "the server has no key for the encrypted protocol, so it is too old", null) : key;
        }
        catch (JsonException e)
        {
            throw Failure(url, "the answer is not the JSON of a coordination server", e);
        }
    }

    private static ControlConnectionException Failure(Uri url, string reason, Exception? inner) => new(
        $"The coordination server's key could not be had from {url}: {reason}. Check the control URL, and whether this machine reaches it; a proxy is named by HTTPS_PROXY.",
        inner);
}
