using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.LeaderElection;
using Fairlead.Kubernetes.Observability;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Controllers;

/// <summary>
/// Runs everything in order. Start: metrics and health, informers, then the election; controllers work once the lease is
/// held (warm standby: caches and queues are full by then). Stop: controllers finish what is under way, Events are
/// written, the lease is released, informers end, the endpoint goes last.
/// </summary>
public sealed partial class ControllerManager
{
    private static readonly TimeSpan TermEndLimit = TimeSpan.FromSeconds(2);

    private readonly ControllerManagerOptions _options;
    private readonly InformerFactory _informers;
    private readonly IReadOnlyList<Controller> _controllers;
    private readonly LeaderElector? _election;
    private readonly EventRecorder? _events;
    private readonly ILogger _logger;

    /// <param name="election">Null: this process works without asking others, as in development.</param>
    /// <param name="events">Flushed on the stop; stays the caller's.</param>
    public ControllerManager(
        ControllerManagerOptions options,
        InformerFactory informers,
        IReadOnlyList<Controller> controllers,
        ILoggerFactory logging,
        LeaderElector? election = null,
        EventRecorder? events = null)
    {
        ArgumentNullException.ThrowIfNull(logging);
        _options = options;
        _informers = informers;
        _controllers = controllers;
        _election = election;
        _events = events;
        _logger = logging.CreateLogger<ControllerManager>();
    }

    /// <summary>Port of the endpoint once it runs; 0 without one.</summary>
    public int ObservabilityPort { get; private set; }

    /// <summary>Runs until <paramref name="stopping"/>, then stops gracefully.</summary>
    /// <exception cref="IOException">The metrics and health endpoint cannot listen.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var exporter = new PrometheusExporter([RuntimeMetrics.MeterName, .. _options.Meters]);
        var server = await ServeAsync(exporter, stopping).ConfigureAwait(false);
        try
        {
            foreach (var controller in _controllers)
            {
                controller.Start();
            }

            _informers.Start();
            if (_election is null)
            {
                await LeadAsync(stopping, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await _election.RunAsync(term => LeadAsync(stopping, term), stopping).ConfigureAwait(false);
            }
        }
        finally
        {
            await (_events?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            await _informers.StopAsync().ConfigureAwait(false);
            if (server is not null)
            {
                await server.DisposeAsync().ConfigureAwait(false);
            }

            LogStopped();
        }
    }

    private async Task<ObservabilityServer?> ServeAsync(PrometheusExporter exporter, CancellationToken cancellationToken)
    {
        if (_options.Observability is null)
        {
            return null;
        }

        HealthCheck[] liveness =
        [
            .. _controllers.Select(static controller => new HealthCheck($"controller-{controller.Name}", () => controller.Problem)),
            new HealthCheck("leader-election", () => _election?.Problem),
            .. _options.Liveness,
        ];
        HealthCheck[] readiness = [new HealthCheck("caches-synced", Unsynced), .. _options.Readiness];
        var server = await ObservabilityServer.StartAsync(_options.Observability, exporter, liveness, readiness, cancellationToken).ConfigureAwait(false);
        ObservabilityPort = server.Port;
        return server;
    }

    /// <summary>Types that are not served are no reason not to be ready: their controllers wait, the others work.</summary>
    private string? Unsynced()
    {
        var waiting = _informers.All.Where(static informer => !informer.HasSynced && informer.Status.Phase != InformerPhase.Absent);
        var problems = string.Join("; ", waiting.Select(static informer => informer.Status.Problem ?? $"{informer.Resource} ({informer.Scope}) is not listed yet"));
        return problems.Length == 0 ? null : problems;
    }

    private async Task LeadAsync(CancellationToken stopping, CancellationToken term)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, term);
        var lasting = Task.Delay(Timeout.InfiniteTimeSpan, ended.Token);
        await Task.WhenAll(_controllers.Select(controller => controller.RunAsync(stopping, term))).ConfigureAwait(false);
        await lasting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using (var limit = new CancellationTokenSource(TermEndLimit))
        {
            await _options.TermEnded(limit.Token).ConfigureAwait(false);
        }

        if (stopping.IsCancellationRequested && _events is not null)
        {
            // While the lease is still ours: what the workers said last belongs to this term.
            await _events.StopAsync().ConfigureAwait(false);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Controllers and informers have stopped")]
    private partial void LogStopped();
}
