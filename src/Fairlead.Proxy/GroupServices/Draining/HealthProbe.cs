using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.GroupServices.Draining;

/// <summary>Asks a Service's health endpoint, over a new connection each time, which Pod it leads to.</summary>
internal sealed class HealthProbe(ImmutableArray<IPAddress> own, TimeProvider time) : IDisposable
{
    /// <summary>A Pod answers from memory; as long as the operator allows for the same question.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });

    /// <param name="address">One of those that the endpoint's name stands for.</param>
    public async Task<WhoAnswered> AskAsync(Uri endpoint, IPAddress address, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(endpoint) { Host = address.ToString() }.Uri);
        request.Headers.Host = endpoint.Authority;
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            return PodHeaders.Read(response.Headers).Any(own.Contains) ? WhoAnswered.Self
                : response.StatusCode == HttpStatusCode.ServiceUnavailable ? WhoAnswered.Unknown
                : WhoAnswered.Other;
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException
        {
            SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable,
        })
        {
            return WhoAnswered.Nobody;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return WhoAnswered.Unknown;
        }
    }

    public void Dispose() => _http.Dispose();
}
