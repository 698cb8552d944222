using Fairlead.CommandLine;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Dev.Runner;
using Fairlead.Dev.ServiceNetwork;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.DevSessions;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Operator.Configuration;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Fairlead.TailnetNodes;
using Fairlead.Tailscale.Authentication;

namespace Fairlead.DevEnvironments;

/// <summary>
/// Everything the main job takes, on this machine and without root: a tailnet with its relay, a cluster whose Pods run as processes, and
/// as many replicas of the operator and nodes of the tailnet as are asked for. Each part can be stopped, broken and started again.
/// </summary>
internal sealed class DevEnvironment : IAsyncDisposable
{
    /// <summary>What the examples call a tailnet of the reader's own.</summary>
    public const string DnsSuffix = "your-tailnet.ts.net";

    public const string OperatorNamespace = "tailscale";

    private const string OperatorTag = "tag:k8s-operator";

    private readonly DevEnvironmentOptions _options;
    private readonly List<IAsyncDisposable> _members = [];
    private readonly string _pods;

    private DevEnvironment(
        DevEnvironmentOptions options, LoopbackNetwork network, EmbeddedTailnet tailnet, EmbeddedCluster cluster, ClusterNetwork services, string pods, string kubeconfig)
    {
        (_options, Network, Tailnet, Cluster, Services, _pods, Kubeconfig) = (options, network, tailnet, cluster, services, pods, kubeconfig);
        ClusterConfiguration = ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = kubeconfig });
        Settings = options.Operator(new OperatorSettings
        {
            Namespace = OperatorNamespace,
            LoginServer = tailnet.BaseAddress.GetLeftPart(UriPartial.Authority),
            ProxyEngine = ProxyEngine.Managed,
            ProxyImage = DevImages.Proxy,
        });
        Pods = PodRunner.Start(cluster, new PodRunnerOptions
        {
            Directory = pods,
            Images = DevImages.Catalog(options.Program),
            Network = network,
            Variables = services.Variables,
            LoggerFactory = options.LoggerFactory,
        });
    }

    public LoopbackNetwork Network { get; }

    public EmbeddedTailnet Tailnet { get; }

    public EmbeddedCluster Cluster { get; }

    /// <summary>ClusterIPs and DNS of the cluster.</summary>
    public ClusterNetwork Services { get; }

    /// <summary>Runs Pods; kills their processes when asked to.</summary>
    public PodRunner Pods { get; }

    /// <summary>The cluster as its administrator sees it.</summary>
    public ClusterConfiguration ClusterConfiguration { get; }

    /// <summary>Path of the administrator's kubeconfig.</summary>
    public string Kubeconfig { get; }

    /// <summary>Settings of the operator's replicas.</summary>
    public OperatorSettings Settings { get; }

    /// <summary>Starts tailnet and cluster, and installs what the operator needs. Neither operator nor nodes run yet.</summary>
    /// <exception cref="UserErrorException">Something of this machine is missing or taken; the message names the remedy.</exception>
    public static async Task<DevEnvironment> StartAsync(DevEnvironmentOptions options, CancellationToken cancellationToken)
    {
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var network = Claim();
            started.Push(new Disposal(network));
            var tailnet = Task.Run(() => EmbeddedTailnet.StartAsync(options.Tailnet with { Relay = options.Tailnet.Relay ?? new RelayServerOptions() }, cancellationToken), cancellationToken);
            started.Push(new Pending<EmbeddedTailnet>(tailnet));
            var cluster = await EmbeddedCluster.StartAsync(
                new EmbeddedClusterOptions { Port = options.ApiPort, ServiceRanges = [network.ServiceRange], LoggerFactory = options.LoggerFactory }, cancellationToken).ConfigureAwait(false);
            started.Push(cluster);
            var kubeconfig = Path.Combine(options.Directory, "kubeconfig");
            await cluster.WriteKubeconfigAsync(kubeconfig, cancellationToken).ConfigureAwait(false);
            var services = ClusterNetwork.Start(
                cluster, new ClusterNetworkOptions { Network = network, UpstreamResolver = SystemResolver.Find(), LoggerFactory = options.LoggerFactory });
            started.Push(services);
            var environment = new DevEnvironment(
                options, network, await tailnet.ConfigureAwait(false), cluster, services, Path.Combine(options.Directory, "pods"), kubeconfig);
            started.Push(environment.Pods);
            using var client = environment.NewClient("fairlead-dev");
            await new DevCluster(client).InstallAsync(OperatorNamespace, cancellationToken).ConfigureAwait(false);
            environment._members.AddRange(started.Reverse());
            return environment;
        }
        catch
        {
            while (started.TryPop(out var part))
            {
                await part.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>A client that acts as the cluster's administrator.</summary>
    public KubernetesClient NewClient(string fieldManager) => new(ClusterConfiguration, new KubernetesClientOptions { FieldManager = fieldManager });

    /// <summary>Starts a replica of the operator; it stops when it is disposed of. Several elect one that works.</summary>
    public DevOperator StartOperator(string identity = "fairlead-dev", bool leaderElection = false) => StartOperator(
        new ProcessSettings { Identity = identity, LeaderElection = leaderElection, LogFormat = LogFormat.Text });

    /// <inheritdoc cref="StartOperator(string, bool)"/>
    public DevOperator StartOperator(ProcessSettings process)
    {
        var credentials = Tailnet.Clients.AddOAuthClient(Scopes.Operator, [OperatorTag]);
        return new DevOperator(
            Settings, process, ClusterConfiguration, OAuthClientCredentials.FromValues(credentials.Id, credentials.Secret!), _options.OperatorLoggerFactory);
    }

    /// <summary>Joins a node of this process; it leaves when it is disposed of.</summary>
    /// <param name="tags">None for a node of the tailnet's owner.</param>
    public Task<TailnetNode> JoinAsync(string hostname, CancellationToken cancellationToken, params IReadOnlyList<string> tags) => TailnetNode.StartAsync(
        new TailnetNodeOptions
        {
            ControlUrl = Tailnet.BaseAddress,
            AuthKey = Tailnet.Keys.Create(tags, ephemeral: true).Secret!,
            Hostname = hostname,
            Ephemeral = true,
            App = "fairlead-dev",
            Connections = TcpConnectionOptions.KeptAlive,
            LoggerFactory = _options.LoggerFactory,
        },
        cancellationToken);

    /// <summary>Joins a node with a database on it.</summary>
    public async Task<TailnetDatabase> StartDatabaseAsync(string hostname, CancellationToken cancellationToken) =>
        TailnetDatabase.Start(await JoinAsync(hostname, cancellationToken).ConfigureAwait(false));

    /// <summary>Joins a node that commands of this machine's user can work on.</summary>
    public async Task<DevLaptop> StartLaptopAsync(NodeDirectory directory, CancellationToken cancellationToken) =>
        await DevLaptop.StartAsync(await JoinAsync(DevLaptop.Hostname, cancellationToken).ConfigureAwait(false), directory, cancellationToken).ConfigureAwait(false);

    /// <summary>Cuts off everybody from the Kubernetes API, watches included, until the result is disposed of.</summary>
    public IDisposable CutApiServer()
    {
        Cluster.Faults.Add(RequestMatch.Everything, new FaultEffect.CutBefore(), times: int.MaxValue);
        Cluster.Faults.CutWatches();
        return new Restoration(Cluster.Faults);
    }

    /// <summary>Stops everything, Pods first: they tell cluster and tailnet good-bye. Operators and nodes are their starters' to stop.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_members))
        {
            await part.DisposeAsync().ConfigureAwait(false);
        }

        if (Directory.Exists(_pods))
        {
            Directory.Delete(_pods, recursive: true);
        }

        File.Delete(Kubeconfig);
    }

    private static LoopbackNetwork Claim()
    {
        try
        {
            return LoopbackNetwork.Claim();
        }
        catch (InvalidOperationException e)
        {
            throw new UserErrorException(ExitCodes.Unavailable, e.Message, e);
        }
    }

    private sealed class Disposal(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A part that may not have started yet, or never will.</summary>
    private sealed class Pending<T>(Task<T> part) : IAsyncDisposable
        where T : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (part.IsCompletedSuccessfully)
            {
                await (await part.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private sealed class Restoration(FaultInjector faults) : IDisposable
    {
        public void Dispose() => faults.Clear();
    }
}
