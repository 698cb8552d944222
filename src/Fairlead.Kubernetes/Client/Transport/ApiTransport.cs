using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Kubernetes.Configuration;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Sends requests: credentials, time limits, repeats, errors and figures are dealt with here, once.</summary>
internal sealed partial class ApiTransport(ClusterConfiguration configuration, KubernetesClientOptions options) : IDisposable
{
    // A list in one piece of tens of thousands of objects.
    private const int MaximumBody = 1024 * 1024 * 1024;

    private readonly RetryPolicy _retry = new(options.Random);
    private readonly Lock _connectionLock = new();
    private HttpMessageInvoker? _connections;
    private SslStreamCertificateContext? _connectionCertificate;
    private X509Certificate2Collection? _connectionAuthorities;
    private bool _disposed;

    public KubernetesClientOptions Options => options;

    public Uri Server => configuration.Server;

    public Task<T> SendAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(request, utf8 => JsonSerializer.Deserialize(utf8, type) ?? throw new JsonException("Expected an object, found null."), cancellationToken);

    /// <summary>Sends a request and reads the whole answer.</summary>
    public Task<T> SendAsync<T>(ApiRequest request, BodyReader<T> read, CancellationToken cancellationToken) =>
        RepeatAsync(
            request,
            async limited =>
            {
                using var response = await SendOnceAsync(request, limited).ConfigureAwait(false);
                using var body = await ReadBodyAsync(request, response, limited).ConfigureAwait(false);
                try
                {
                    return read(body.Span);
                }
                catch (JsonException e)
                {
                    throw ApiErrors.Unreadable(request.Method.Method, request.Path, e);
                }
            },
            cancellationToken);

    /// <summary>Sends a request and hands out the answer as soon as it begins. The time limit ends there.</summary>
    public Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken) =>
        RepeatAsync(request, limited => SendOnceAsync(request, limited), cancellationToken);

    private async Task<T> RepeatAsync<T>(ApiRequest request, Func<CancellationToken, Task<T>> attemptAsync, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RequestTimeout, options.TimeProvider);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var started = options.TimeProvider.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await attemptAsync(limited.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw ApiErrors.TimedOut(Server, $"{request.Method} {request.Path}", options.RequestTimeout, e);
            }
            catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException && attempt < options.MaxAttempts)
            {
                // A wait that outlasts the time limit would only turn a telling error into a timeout.
                var wait = _retry.WaitBeforeRepeat(request, e, attempt);
                if (wait is null || options.TimeProvider.GetElapsedTime(started) + wait >= options.RequestTimeout)
                    throw;

                LogRepeat(options.Logger, request.Method, request.Path, wait.Value.TotalMilliseconds, e.Message);
                await DelayAsync(wait.Value, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var credentials = await configuration.Credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        var response = await ExchangeAsync(request, credentials, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            configuration.Credentials.Reject(credentials);
            var renewed = await configuration.Credentials.GetAsync(cancellationToken).ConfigureAwait(false);
            if (!ReferenceEquals(renewed, credentials))
            {
                response.Dispose();
                response = await ExchangeAsync(request, renewed, cancellationToken).ConfigureAwait(false);
            }
        }

        ReportWarnings(request, response);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            using var body = await ReadBodyAsync(request, response, cancellationToken).ConfigureAwait(false);
            throw ApiErrors.Refused(response, body.Span, request, options.TimeProvider.GetUtcNow());
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(ApiRequest request, Credentials credentials, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(request, credentials);
        var started = Stopwatch.GetTimestamp();
        var code = 0;
        try
        {
            var response = await ConnectionsFor(credentials).SendAsync(message, cancellationToken).ConfigureAwait(false);
            code = (int)response.StatusCode;
            return response;
        }
        catch (HttpRequestException e)
        {
            throw ApiErrors.Unreachable(Server, $"{request.Method} {request.Path}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // SocketsHttpHandler reports its connect timeout as a cancellation nobody asked for.
            throw new KubernetesConnectionException(
                Server,
                $"{request.Method} {request.Path}: no connection to {Server.Authority} within {options.ConnectTimeout.TotalSeconds:0.###} s. Check that the API server runs and that no firewall is between.",
                requestMayHaveArrived: false,
                e);
        }
        finally
        {
            ClientMetrics.Record(request, code, Stopwatch.GetElapsedTime(started));
        }
    }

    private async Task<PooledBody> ReadBodyAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await PooledBody.ReadAsync(response.Content, MaximumBody, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw ApiErrors.Broken(Server, $"{request.Method} {request.Path}", e);
        }
    }

    private HttpRequestMessage CreateMessage(ApiRequest request, Credentials credentials)
    {
        var message = new HttpRequestMessage(request.Method, AddressOf(request))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        if (configuration.TlsServerName is { } serverName)
            message.Headers.Host = serverName;

        if (credentials.BearerToken is { } token)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        if (configuration.Impersonation is { } impersonation)
            ImpersonationHeaders.Add(message, impersonation);

        if (request.ContentType is { } contentType)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        return message;
    }

    private Uri AddressOf(ApiRequest request)
    {
        var builder = new UriBuilder(Server) { Query = request.Query };
        builder.Path = $"{builder.Path.TrimEnd('/')}/{request.Path}";
        return builder.Uri;
    }

    /// <summary>
    /// Connections are bound to the client certificate and to whom they trust: new ones need new connections, the old ones finish what
    /// they carry.
    /// </summary>
    private HttpMessageInvoker ConnectionsFor(Credentials credentials)
    {
        var authorities = configuration.CertificateAuthorities;
        lock (_connectionLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(KubernetesClient));
            if (_connections is null
                || !ReferenceEquals(_connectionCertificate, credentials.ClientCertificate)
                || !ReferenceEquals(_connectionAuthorities, authorities))
            {
                _connections = ConnectionFactory.Create(configuration, options, authorities, credentials.ClientCertificate);
                _connectionCertificate = credentials.ClientCertificate;
                _connectionAuthorities = authorities;
            }

            return _connections;
        }
    }

    private async Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
    }

    private void ReportWarnings(ApiRequest request, HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Warning", out var warnings))
            return;

        foreach (var warning in warnings)
            LogWarning(options.Logger, request.Method, request.Path, warning);
    }

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} is repeated in {Milliseconds} ms: {Reason}")]
    private static partial void LogRepeat(ILogger logger, HttpMethod method, string path, double milliseconds, string reason);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path}: the server warns: {Warning}")]
    private static partial void LogWarning(ILogger logger, HttpMethod method, string path, string warning);

    public void Dispose()
    {
        lock (_connectionLock)
        {
            _disposed = true;
            _connections?.Dispose();
        }
    }
}
