using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>
/// The way to the coordination server: HTTP requests inside an encrypted channel that is opened when the first request needs it, shared
/// by all, and opened anew after a loss. Safe to use from several threads.
/// </summary>
public interface IControlConnection : IAsyncDisposable
{
    /// <summary>The server as configured.</summary>
    Uri ControlUrl { get; }

    /// <summary>
    /// Sends a request and returns when its headers are there; the body streams. The URI is relative to the server, e.g.
    /// <c>/machine/map</c>. A request is not repeated: one that fails with its connection is the caller's to send again, and goes over a
    /// new connection.
    /// </summary>
    /// <exception cref="ControlConnectionException">No channel could be opened. Says which URL, what happened, and what may be done.</exception>
    /// <exception cref="HttpRequestException">The channel was lost before the headers came.</exception>
    Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Where to find the server from the next reconnect on; null or an empty plan for DNS.</summary>
    void UseDialPlan(ControlDialPlan? plan);

    /// <summary>Gives up the present channel, if any: running requests fail, and the next opens a new one. For when the network changed.</summary>
    void Reconnect();
}
