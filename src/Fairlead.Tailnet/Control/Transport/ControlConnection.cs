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
    private readonly Uri _innerUrl;
    private readonly Lock _lock = new();
    private volatile ControlDialPlan? _plan;
    private Generation? _generation;
    private bool _disposed;

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
    }

    public Uri ControlUrl => _options.ControlUrl;

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: false } path)
        {
            throw new ArgumentException($"The URI {request.RequestUri} is not relative to the server.", nameof(request));
        }

        request.RequestUri = new Uri(_innerUrl, path);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        try
        {
            return await CurrentGeneration().Invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.InnerException is ControlConnectionException reason)
        {
            throw new ControlConnectionException(reason.Message, e);
        }
    }

    public void UseDialPlan(ControlDialPlan? plan) => _plan = plan;

    public void Reconnect()
    {
        Generation? old;
        lock (_lock)
        {
            old = _generation;
            _generation = null;
        }

        old?.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        Reconnect();
        return ValueTask.CompletedTask;
    }

    private Generation CurrentGeneration()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _generation ??= new Generation(OpenChannelAsync);
        }
    }

    private async Task<EarlyPayloadStream> OpenChannelAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.ConnectTimeout, _options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var serverKey = await _serverKey.GetAsync(stop.Token).ConfigureAwait(false);
            var channel = new EarlyPayloadStream(await _opening.OpenAsync(_plan, serverKey, stop.Token).ConfigureAwait(false));
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

    /// <summary>A handler and its channel, which go together: nothing that is sent after a reconnect meets the channel from before.</summary>
    private sealed class Generation : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly CancellationToken _stopped;
        private volatile EarlyPayloadStream? _channel;

        public Generation(Func<CancellationToken, Task<EarlyPayloadStream>> open)
        {
            _stopped = _stop.Token;
            Invoker = new HttpMessageInvoker(CreateHandler(open));
        }

        public HttpMessageInvoker Invoker { get; }

        public void Dispose()
        {
            _stop.Cancel();
            Invoker.Dispose();
            _channel?.Dispose();
            _stop.Dispose();
        }

        private SocketsHttpHandler CreateHandler(Func<CancellationToken, Task<EarlyPayloadStream>> open) => new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            // How often the handler's timer looks for idle connections depends on this; the map stream keeps the connection busy anyway.
            PooledConnectionIdleTimeout = TimeSpan.FromHours(1),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = (_, stop) => OpenAsync(open, stop),
        };

        private async ValueTask<Stream> OpenAsync(Func<CancellationToken, Task<EarlyPayloadStream>> open, CancellationToken cancellationToken)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped);
            var channel = await open(stop.Token).ConfigureAwait(false);
            _channel = channel;
            if (_stopped.IsCancellationRequested)
            {
                await channel.DisposeAsync().ConfigureAwait(false);
            }

            return channel;
        }
    }
}
