using System.Collections.Concurrent;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailnet.Nodes.Certificates;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Certificates;

/// <summary>Certificates that another Pod of the ProxyGroup issues: read from their Secrets, and read anew each day.</summary>
internal sealed partial class SharedCertificates : IAsyncDisposable
{
    private static readonly TimeSpan PreloadInterval = TimeSpan.FromHours(24);
    private static readonly TimeSpan PreloadRetry = TimeSpan.FromMinutes(1);

    /// <summary>A client that comes again and again for a name without a certificate must not have the API server asked each time.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly KubernetesClient _client;
    private readonly string _namespace;
    private readonly string _group;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, NodeCertificate> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _missing = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _preloading;

    /// <param name="group">The ProxyGroup's name.</param>
    public SharedCertificates(KubernetesClient client, string @namespace, string group, TimeProvider time, ILogger logger)
    {
        _client = client;
        _namespace = @namespace;
        _group = group;
        _time = time;
        _logger = logger;
        _preloading = PreloadAsync();
    }

    /// <returns>Null while there is none.</returns>
    /// <exception cref="KubernetesApiException">The API server refuses; so too <see cref="KubernetesConnectionException"/>.</exception>
    public async Task<NodeCertificate?> TryGetAsync(string domain, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_known.TryGetValue(domain, out var known) && known.NotAfter > now)
        {
            return known;
        }

        if (_missing.TryGetValue(domain, out var since) && now - since < AskAgain)
        {
            return null;
        }

        try
        {
            var secret = await _client.For(KubernetesResources.Secrets).TryGetAsync(new ObjectKey(_namespace, domain), cancellationToken).ConfigureAwait(false);
            if (CertificateSecret.Parse(secret) is { } certificate)
            {
                _missing.TryRemove(domain, out _);
                return _known[domain] = certificate;
            }
        }
        catch (KubernetesApiException e) when (e.IsForbidden)
        {
            // The right to read it comes with the Secret, a little later.
        }

        _missing[domain] = now;
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _preloading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task PreloadAsync()
    {
        await Task.Yield();
        while (true)
        {
            var wait = PreloadInterval;
            try
            {
                var secrets = await _client.For(KubernetesResources.Secrets).ListAllAsync(
                    _namespace, new ListOptions { LabelSelector = CertificateSecret.Selector(_group) }, _stopping.Token).ConfigureAwait(false);
                foreach (var secret in secrets.Items)
                {
                    if (secret.Metadata?.Name is { } domain
                        && domain.EndsWith(CertificateSecret.DomainSuffix, StringComparison.Ordinal)
                        && CertificateSecret.Parse(secret) is { } certificate)
                    {
                        _known[domain] = certificate;
                    }
                }
            }
            catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
            {
                wait = PreloadRetry;
                Log.NotPreloaded(_logger, wait.TotalSeconds, e.Message);
            }

            await Task.Delay(wait, _time, _stopping.Token).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The ProxyGroup's certificates cannot be listed, trying again in {Seconds} s; each is read when it is needed: {Reason}")]
        public static partial void NotPreloaded(ILogger logger, double seconds, string reason);
    }
}
