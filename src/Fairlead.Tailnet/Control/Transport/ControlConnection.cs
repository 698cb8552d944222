using System.Net;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Noise;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Transport;

/// <inheritdoc cref="IControlConnection"/>
public sealed class ControlConnection : IControlConnection
{
    private readonly ControlConnectionOptions _options;
    private readonly ServerKeySource _serverKey;
    private readonly ChannelOpening _opening;
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _innerUrl;
    private volatile ControlDialPlan? _plan;
    private volatile EarlyPayloadStream? _channel;

    public ControlConnection(ControlConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ControlUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new ArgumentException($"The control URL {options.ControlUrl} is not one of http or https.", nameof(options));
        }

        _options = options;
        _serverKey = new ServerKeySource(options);
        _opening = new ChannelOpening(options);
        // To the handler it is HTTP/2 without TLS; that it is encrypted all the same is the channel's affair.
        _innerUrl = new UriBuilder(options.ControlUrl) { Scheme = Uri.UriSchemeHttp, Port = options.ControlUrl.IsDefaultPort ? -1 : options.ControlUrl.Port }.Uri;
        _invoker = new HttpMessageInvoker(CreateHandler());
    }

    public Uri ControlUrl => _options.ControlUrl;

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.RequestUri = new Uri(_innerUrl, request.RequestUri ?? throw new ArgumentException("The request has no URI.", nameof(request)));
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            return await _invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is ControlConnectionException reason)
        {
            throw new ControlConnectionException(reason.Message, e);
        }
    }

    public void UseDialPlan(ControlDialPlan? plan) => _plan = plan;

    public void Reconnect() => _channel?.Dispose();

    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        _channel?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        // How often the handler's timer looks for idle connections depends on this; the map stream keeps the connection busy anyway.
        PooledConnectionIdleTimeout = TimeSpan.FromHours(1),
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = async (_, stop) => await OpenChannelAsync(stop).ConfigureAwait(false),
    };

    private async Task<EarlyPayloadStream> OpenChannelAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.ConnectTimeout, _options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var serverKey = await _serverKey.GetAsync(stop.Token).ConfigureAwait(false);
            var channel = new EarlyPayloadStream(await _opening.OpenAsync(_plan, serverKey, stop.Token).ConfigureAwait(false));
            _channel = channel;
            _options.Logger.LogDebug("Channel to the coordination server {Url} is open.", ControlUrl);
            return channel;
        }
        catch (ControlConnectionException)
        {
            _serverKey.Forget();
            throw;
        }
        catch (OperationCanceledException e) when (timer.IsCancellationRequested)
        {
            throw new ControlConnectionException(
                $"No channel to the coordination server {ControlUrl} was open after {_options.ConnectTimeout.TotalSeconds:F0} s. Check whether this machine reaches it; a proxy is named by HTTPS_PROXY.",
                e);
        }
    }
}
