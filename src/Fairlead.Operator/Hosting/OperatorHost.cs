using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.LeaderElection;
using Fairlead.Kubernetes.Observability;
using Fairlead.Operator.Configuration;
using Fairlead.Tailscale;
using Microsoft.Extensions.Logging;

namespace Fairlead.Operator.Hosting;

/// <summary>The operator: its clients, caches and controllers, put together and run until told to stop.</summary>
public sealed class OperatorHost : IAsyncDisposable
{
    /// <summary>Field manager of everything the operator applies; must never change.</summary>
    public const string FieldManager = "fairlead";

    /// <summary>Component of the operator's Events; wire contract with upstream.</summary>
    public const string EventComponent = "tailscale-operator";

    /// <summary>What the control plane sees as the caller; wire contract with upstream.</summary>
    internal const string TailscaleUserAgent = "tailscale-k8s-operator";

    /// <summary>Lease, in the operator's namespace, that the working replica holds.</summary>
    public const string LeaseName = "fairlead-operator";

    private readonly KubernetesClient _kubernetes;
    private readonly TailscaleClient _tailscale;
    private readonly RuntimeMetrics _metrics;
    private readonly InformerFactory _informers;
    private readonly EventRecorder _events;
    private readonly LeaderElector? _election;
    private readonly OperatorControllers _controllers;
    private readonly ControllerManager _manager;

    public OperatorHost(
        OperatorSettings settings,
        ProcessSettings process,
        ClusterConfiguration cluster,
        Tailscale.Authentication.ICredentialSource credentials,
        ILoggerFactory logging,
        TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _kubernetes = new KubernetesClient(cluster, new KubernetesClientOptions
        {
            FieldManager = FieldManager,
            UserAgent = "fairlead-operator",
            Logger = logging.CreateLogger<KubernetesClient>(),
        });
        _tailscale = new TailscaleClient(new TailscaleClientOptions
        {
            BaseAddress = new Uri(settings.LoginUrl),
            Credentials = credentials,
            UserAgent = TailscaleUserAgent,
            Logger = logging.CreateLogger<TailscaleClient>(),
            Time = time,
        });
        _metrics = new RuntimeMetrics();
        _informers = new InformerFactory(_kubernetes, logging, process.Informers, metrics: _metrics, time: time);
        _events = new EventRecorder(_kubernetes, new EventRecorderOptions { Component = EventComponent }, logging, _metrics, time);
        _controllers = new OperatorControllers(
            new ControllerContext(settings, process, _kubernetes, _informers, _tailscale, _events, logging, _metrics, time));
        _election = process.LeaderElection
            ? new LeaderElector(
                _kubernetes,
                new LeaderElectionOptions
                {
                    Namespace = settings.Namespace,
                    Name = LeaseName,
                    Identity = process.Identity,
                    LeaseDuration = process.LeaseDuration,
                    RenewDeadline = process.LeaseRenewDeadline,
                    RetryPeriod = process.LeaseRetryPeriod,
                },
                logging,
                _events,
                _metrics,
                time)
            : null;
        _manager = new ControllerManager(
            new ControllerManagerOptions
            {
                Observability = process.ListenAddress is { } address
                    ? new ObservabilityOptions { Address = address.Address, Port = address.Port }
                    : null,
                TermEnded = _controllers.EndTermAsync,
                Meters = ["System.Runtime", "System.Net.Http", Tailscale.Telemetry.TailscaleMetrics.MeterName, OperatorMetrics.MeterName],
            },
            _informers,
            _controllers.All,
            logging,
            _election,
            _events);
    }

    /// <summary>Port of metrics and health; 0 when they are not served or not yet.</summary>
    public int ObservabilityPort => _manager.ObservabilityPort;

    /// <summary>Runs until <paramref name="stopping"/>; then reconciles under way end, Events are written and the lease is released.</summary>
    public Task RunAsync(CancellationToken stopping) => _manager.RunAsync(stopping);

    public async ValueTask DisposeAsync()
    {
        _election?.Dispose();
        _controllers.Dispose();
        await _events.DisposeAsync().ConfigureAwait(false);
        await _informers.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
        _tailscale.Dispose();
        _kubernetes.Dispose();
    }
}
