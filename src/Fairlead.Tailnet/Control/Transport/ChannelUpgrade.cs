using System.Net;
using System.Net.Security;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Noise;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>Opens a channel on one route: an HTTP request that turns its connection into the channel, then the handshake.</summary>
internal sealed class ChannelUpgrade(ControlConnectionOptions options)
{
    private const int LongestReason = 512;

    /// <exception cref="HttpRequestException">No connection, or the answer is none of HTTP.</exception>
    /// <exception cref="ControlConnectionException">The answer is not the upgrade.</exception>
    /// <exception cref="NoiseHandshakeException">The server refused, or is not the one that has the key.</exception>
    public async Task<NoiseStream> OpenAsync(ControlRoute route, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        using var initiator = new NoiseInitiator(options.MachineKey, serverKey, options.Version, options.Random);
        using var handler = ControlHttp.CreateHandler(options, route.Address);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => Accept(route, errors);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route.Url, "/ts2021"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Connection.Add("upgrade");
        request.Headers.Upgrade.ParseAdd(NoiseProtocol.UpgradeName);
        request.Headers.Add(NoiseProtocol.HandshakeHeader, Convert.ToBase64String(initiator.Initiation.Span));
        var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols || !response.Headers.Upgrade.Any(IsOurs))
            {
                throw new ControlConnectionException(
                    $"HTTP status {(int)response.StatusCode} where an upgrade was due{await ReasonAsync(response, cancellationToken).ConfigureAwait(false)}");
            }

            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await NoiseStream.ConnectAsync(stream, initiator, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool IsOurs(System.Net.Http.Headers.ProductHeaderValue upgrade) =>
        string.Equals(upgrade.Name, NoiseProtocol.UpgradeName, StringComparison.OrdinalIgnoreCase);

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            return $", to {response.Headers.Upgrade}";
        }

        var start = new byte[LongestReason];
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var text = string.Concat(Encoding.UTF8.GetString(start, 0, length).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return text.Length == 0 ? "" : $": {text}";
    }

    // The channel proves by itself who the server is; networks that put their own certificate here are none the wiser.
    private bool Accept(ControlRoute route, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.None)
        {
            options.Logger.LogInformation("The certificate of {Route} does not verify ({Errors}). The channel inside does not depend on it.", route, errors);
        }

        return true;
    }
}
