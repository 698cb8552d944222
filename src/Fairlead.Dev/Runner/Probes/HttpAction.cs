using System.Collections.Immutable;
using System.Net.Security;

namespace Fairlead.Dev.Runner.Probes;

/// <summary>An HTTP GET; codes from 200 to 399 are success.</summary>
internal sealed class HttpAction(Uri uri, ImmutableArray<KeyValuePair<string, string>> headers) : IContainerAction
{
#pragma warning disable CA5359 // As a kubelet does: a probe asks whether a Pod answers, and sends it nothing.
    // Redirects are not followed, and connections not kept.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
#pragma warning restore CA5359

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/fairlead");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var (name, value) in headers)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                request.Headers.Host = value;
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode is >= 200 and < 400 ? null : $"HTTP probe failed with statuscode: {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return $"Get \"{uri}\": {e.Message}";
        }
    }
}
