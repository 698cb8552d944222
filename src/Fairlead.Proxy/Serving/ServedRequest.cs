using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Proxy.Serving;

/// <summary>
/// A request as the server behind the proxy gets it: its path below the server's own, who sent it and whence in headers. What the client sent
/// under those headers' names is dropped: servers trust them.
/// </summary>
internal sealed class ServedRequest(ProxyTarget target, string mount, TailnetIdentity? peer, ImmutableArray<string> capabilities) : HttpTransformer
{
    private const string CapabilitiesHeader = "Tailscale-App-Capabilities";

    /// <summary>All that say who the peer is, and whence the request came.</summary>
    private static readonly string[] TrustedHeaders =
    [
        "Tailscale-User-Login", "Tailscale-User-Name", "Tailscale-User-Profile-Pic", "Tailscale-Headers-Info", CapabilitiesHeader,
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    ];

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        var request = httpContext.Request;
        var path = mount == "/" ? request.Path : new PathString(request.Path.Value![mount.TrimEnd('/').Length..] is { Length: > 0 } rest ? rest : null);
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(
            target.Prefix, path.HasValue || target.Url.AbsolutePath.Length > 1 ? path : new PathString("/"), request.QueryString);
        foreach (var name in TrustedHeaders)
        {
            proxyRequest.Headers.Remove(name);
        }

        var headers = proxyRequest.Headers;
        headers.Host = request.Host.Value;
        headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.Value);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        if (httpContext.Connection.RemoteIpAddress is { } address)
        {
            headers.TryAddWithoutValidation("X-Forwarded-For", address.ToString());
        }

        // A tagged node belongs to nobody.
        if (peer is { Node.Tags.Count: 0, User: { } user })
        {
            headers.TryAddWithoutValidation("Tailscale-User-Login", Encoded(user.LoginName));
            headers.TryAddWithoutValidation("Tailscale-User-Name", Encoded(user.DisplayName));
            headers.TryAddWithoutValidation("Tailscale-User-Profile-Pic", Encoded(user.ProfilePicURL));
            headers.TryAddWithoutValidation("Tailscale-Headers-Info", "https://tailscale.com/s/serve-headers");
        }

        if (!capabilities.IsEmpty && peer is not null)
        {
            headers.TryAddWithoutValidation(CapabilitiesHeader, Encoded(Granted(peer)));
        }
    }

    private string Granted(TailnetIdentity peer)
    {
        var granted = new JsonObject();
        foreach (var name in capabilities)
        {
            if (peer.Capabilities.TryGetValue(name, out var values))
            {
                granted[name] = new JsonArray([.. values.Select(value => JsonNode.Parse(value))]);
            }
        }

        return granted.ToJsonString();
    }

    /// <summary>Header values are ASCII; others are written as RFC 2047 encoded words.</summary>
    private static string Encoded(string text) =>
        text.All(c => c is >= ' ' and <= '~') ? text : $"=?utf-8?b?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";
}
