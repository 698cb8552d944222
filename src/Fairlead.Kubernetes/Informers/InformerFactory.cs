using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Informers;

/// <summary>Hands out one informer per type and scope, and runs them.</summary>
public sealed class InformerFactory : IAsyncDisposable
{
    private readonly KubernetesClient _client;
    private readonly InformerOptions _options;
    private readonly StreamingListSupport _streaming;
    private readonly ILogger _logger;
    private readonly RuntimeMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Dictionary<(Type Type, string Resource, InformerScope Scope), ISharedInformer> _informers = [];
    private readonly List<Func<Task>> _waiting = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _started;

    public InformerFactory(
        KubernetesClient client,
        ILoggerFactory logging,
        InformerOptions? options = null,
        RuntimeMetrics? metrics = null,
        TimeProvider? time = null,
        Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(logging);
        _client = client;
        _options = options ?? InformerOptions.Default;
        _streaming = new StreamingListSupport(_options.StreamingList);
        _logger = logging.CreateLogger<InformerFactory>();
        _metrics = metrics;
        _time = time ?? TimeProvider.System;
        _random = random ?? Random.Shared;
    }

    public IReadOnlyList<ISharedInformer> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _informers.Values];
            }
        }
    }

    /// <summary>The informer of a type and scope; the same one for every caller.</summary>
    /// <param name="project">
    /// Shapes objects before they are kept, to save memory; must keep name, namespace, uid and resourceVersion. The first
    /// caller decides. Null: <see cref="CacheProjection.WithoutManagedFields{T}"/>.
    /// </param>
    public SharedInformer<T> For<T>(ResourceType<T> type, InformerScope? scope = null, Func<T, T>? project = null)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        scope ??= InformerScope.All;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            var key = (typeof(T), $"{type.ApiVersion}/{type.Plural}", scope);
            if (_informers.TryGetValue(key, out var existing))
            {
                return (SharedInformer<T>)existing;
            }

            var cache = new ObjectCache<T>(project ?? CacheProjection.WithoutManagedFields, failure => HandlerFailed(type.GroupResource, failure));
            SharedInformer<T>? informer = null;
            var reflector = new Reflector<T>(_client.For(type), scope, cache, _options, _streaming, _random, _time, _logger)
            {
                Synced = () => informer!.SetSynced(),
            };
            informer = new SharedInformer<T>(type, scope, cache, () => reflector.Status);
            _informers.Add(key, informer);
            Launch(() => RunAsync(informer, reflector));
            return informer;
        }
    }

    /// <summary>Runs all informers, also those that are asked for later, until <see cref="StopAsync"/>.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _started = true;
            _running.AddRange(_waiting.Select(static run => run()));
            _waiting.Clear();
        }
    }

    /// <summary>Completes when every informer known now has synced. Types the API server does not serve keep it waiting.</summary>
    public Task WaitForSyncAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(informer => informer.WaitForSyncAsync(cancellationToken)));

    public async Task StopAsync()
    {
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Launch(Func<Task> run)
    {
        if (_started)
        {
            _running.Add(run());
        }
        else
        {
            _waiting.Add(run);
        }
    }

    private Task RunAsync<T>(SharedInformer<T> informer, Reflector<T> reflector)
        where T : class, IKubernetesObject =>
        Task.Run(
            async () =>
            {
                using var metrics = _metrics?.Informer(
                    informer.Resource, informer.Scope.Namespace ?? "", () => informer.Count, () => reflector.LastEventAge.TotalSeconds, () => informer.HasSynced);
                await reflector.RunAsync(metrics, _stop.Token).ConfigureAwait(false);
            },
            CancellationToken.None);

    private void HandlerFailed(string resource, Exception failure) =>
        _logger.LogError(failure, "A handler of {Resource} events failed; the informer goes on, but what the handler feeds may have missed a change", resource);
}
