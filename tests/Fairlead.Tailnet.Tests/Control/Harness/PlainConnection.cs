using Fairlead.Tailnet.Control.Transport;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Tests.Control.Harness;

/// <summary>Requests without the encrypted channel, which has tests of its own.</summary>
internal sealed class PlainConnection(Uri url) : IControlConnection
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public Uri ControlUrl => url;

    public ControlDialPlan? DialPlan { get; private set; }

    public int Reconnects { get; private set; }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(url, request.RequestUri!);
        return _http.SendAsync(request, cancellationToken);
    }

    public void UseDialPlan(ControlDialPlan? plan) => DialPlan = plan;

    public void Reconnect() => Reconnects++;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
