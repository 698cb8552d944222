using System.Diagnostics;
using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Manifests;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Hosting;
using Fairlead.Tailscale.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.DevSessions;

/// <summary>
/// The main job with nothing to install: a Kubernetes API, a control plane and the operator in this process, and everything
/// that happens in them told as it happens.
/// </summary>
internal sealed class DevSession(DevSessionOptions options, IDevReport report)
{
    /// <summary>What the operator lives on, in order; what it does to them is what there is to tell.</summary>
    private static readonly (string Group, string Plural)[] Watched =
    [
        ("", "namespaces"), ("", "serviceaccounts"), ("apiextensions.k8s.io", "customresourcedefinitions"),
        ("", "services"), ("", "secrets"), ("apps", "statefulsets"), ("", "pods"),
    ];

    private const string OperatorNamespace = "tailscale";
    private const string OperatorTag = "tag:k8s-operator";

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    /// <summary>What was told of, by UID.</summary>
    private readonly Dictionary<string, JsonObject> _told = new(StringComparer.Ordinal);

    private readonly HashSet<string> _knownKeys = new(StringComparer.Ordinal);

    /// <summary>UIDs of the Services in the manifests; null until all are applied.</summary>
    private volatile IReadOnlySet<string>? _applied;

    private volatile bool _timedOut;

    /// <returns>An exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        var manifests = options.Files.Count > 0 ? ManifestFiles.Read(options.Files, Console.In) : [ExampleManifest.Read()];
        using var directory = WorkDirectory.Claim(options.Directory);
        var tailnet = await EmbeddedTailnet.StartAsync(new EmbeddedTailnetOptions { Port = options.TailnetPort }, stopping).ConfigureAwait(false);
        await using var tailnetEnd = tailnet.ConfigureAwait(false);
        using var problems = LoggerFactory.Create(OperatorLogging.Problems);
        var cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Port = options.ApiPort, LoggerFactory = problems }, stopping).ConfigureAwait(false);
        await using var clusterEnd = cluster.ConfigureAwait(false);
        await cluster.WriteKubeconfigAsync(directory.Kubeconfig, stopping).ConfigureAwait(false);
        var endpoints = new DevEndpoints(cluster.Url, tailnet.BaseAddress, directory.Kubeconfig);
        report.Started(endpoints);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var settings = new OperatorSettings
        {
            Namespace = OperatorNamespace,
            LoginServer = tailnet.BaseAddress.GetLeftPart(UriPartial.Authority),
            ProxyFirewallMode = "auto",
        };
        var feed = new ClusterFeed(cluster.Api);
        var work = WorkAsync(cluster, tailnet, directory, settings, manifests, feed, ending.Token);
        try
        {
            return await NarrateAsync(tailnet, settings, endpoints, feed, stopping).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }
    }

    /// <summary>Installs, applies and runs the operator until told to stop; its failures end the feed.</summary>
    private async Task WorkAsync(
        EmbeddedCluster cluster,
        EmbeddedTailnet tailnet,
        WorkDirectory directory,
        OperatorSettings settings,
        IReadOnlyList<(string Name, string Text)> manifests,
        ClusterFeed feed,
        CancellationToken ending)
    {
        try
        {
            foreach (var (group, plural) in Watched)
            {
                feed.Watch(group, plural, ending);
            }

            var configuration = ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = directory.Kubeconfig });
            using var client = new KubernetesClient(configuration, new KubernetesClientOptions { FieldManager = "fairlead-dev" });
            var user = new DevCluster(client);
            await user.InstallAsync(settings.Namespace, ending).ConfigureAwait(false);
            feed.Watch("tailscale.com", "proxyclasses", ending);
            var running = RunOperatorAsync(configuration, tailnet, settings, ending);
            await ApplyAsync(user, manifests, ending).ConfigureAwait(false);
            feed.Wake();
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The session ends.
        }
#pragma warning disable CA1031 // The narration throws it again, on the way on which the caller hears of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            feed.Fail(e);
        }
    }

    /// <summary>Applies the manifests and notes the Services among them, which the narration then waits to hear of.</summary>
    private async Task ApplyAsync(DevCluster user, IReadOnlyList<(string Name, string Text)> manifests, CancellationToken cancellationToken)
    {
        var problems = new List<ManifestProblem>();
        var services = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in manifests.SelectMany(manifest => ManifestReader.Read(manifest.Name, manifest.Text, problems)))
        {
            var (uid, problem) = await user.ApplyAsync(source, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                problems.Add(problem);
            }
            else if (source is { ApiVersion: "v1", Kind: "Service" })
            {
                services.Add(uid!);
            }
        }

        if (problems.Count > 0)
        {
            throw new UserErrorException(ExitCodes.Findings, string.Join(Environment.NewLine, problems));
        }

        _applied = services;
    }

    private async Task RunOperatorAsync(
        ClusterConfiguration cluster, EmbeddedTailnet tailnet, OperatorSettings settings, CancellationToken ending)
    {
        var credentials = tailnet.Clients.AddOAuthClient(Scopes.Operator, [OperatorTag]);
        var process = new ProcessSettings { Identity = "fairlead-dev", LeaderElection = false, LogFormat = LogFormat.Text };
        using var logging = options.Verbose
            ? LoggerFactory.Create(builder => OperatorLogging.Configure(builder, process))
            : (ILoggerFactory)NullLoggerFactory.Instance;
        var host = new OperatorHost(settings, process, cluster, OAuthClientCredentials.FromValues(credentials.Id, credentials.Secret!), logging);
        await using (host.ConfigureAwait(false))
        {
            await host.RunAsync(ending).ConfigureAwait(false);
        }
    }

    private async Task<int> NarrateAsync(
        EmbeddedTailnet tailnet, OperatorSettings settings, DevEndpoints endpoints, ClusterFeed feed, CancellationToken stopping)
    {
        var narrator = new Narrator(settings, tailnet.Keys.Snapshot);
        var (ready, warned) = (false, false);
        using var limit = new Timer(_ => TimeOut(feed), null, options.Limit, Timeout.InfiniteTimeSpan);
        try
        {
            await foreach (var change in feed.ReadAsync(stopping).ConfigureAwait(false))
            {
                if (change is not null)
                {
                    Tell(narrator, change, tailnet);
                }

                if (ready)
                {
                    continue;
                }

                var proxies = ProxyOverview.Of(_told.Values, settings);
                ready = _applied?.All(_told.ContainsKey) == true && proxies.All(proxy => proxy.IsComplete);
                if (ready)
                {
                    report.Ready(proxies, endpoints, _clock.Elapsed);
                    if (options.Once)
                    {
                        return ExitCodes.Success;
                    }
                }
                else if ((_timedOut && !warned) || (options.Once && proxies.Any(proxy => proxy.IsInvalid)))
                {
                    warned = true;
                    report.NotReady(Shortfall(proxies));
                    if (options.Once)
                    {
                        return ExitCodes.Findings;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            report.Stopping();
        }

        return ExitCodes.Success;
    }

    private void TimeOut(ClusterFeed feed)
    {
        _timedOut = true;
        feed.Wake();
    }

    private void Tell(Narrator narrator, ObjectChange change, EmbeddedTailnet tailnet)
    {
        // A key exists before the Secret that holds it does, so it is told of first.
        foreach (var key in tailnet.Keys.Snapshot().Where(key => _knownKeys.Add(key.Id)).OrderBy(key => key.Created))
        {
            report.Happened(Narrator.Issued(key), _clock.Elapsed);
        }

        foreach (var happened in narrator.Tell(change))
        {
            report.Happened(happened, _clock.Elapsed);
        }

        var uid = (string?)change.Latest["metadata"]?["uid"] ?? "";
        if (change.After is null)
        {
            _told.Remove(uid);
        }
        else
        {
            _told[uid] = change.After;
        }
    }

    private string Shortfall(IReadOnlyList<ProxyOverview> proxies)
    {
        var reasons = proxies.Where(proxy => !proxy.IsComplete).Select(proxy =>
        {
            var missing = proxy.Missing.Count == 0 ? "" : $" lacks its {string.Join(", ", proxy.Missing)};";
            var condition = proxy.Ready is { } ready ? $" {ready.Type}={ready.Status} {ready.Reason}: {ready.Message}" : " the operator has not reported on it";
            return $"Service {proxy.Service}:{missing}{condition}";
        });
        var text = string.Join("; ", reasons);
        return _timedOut ? $"after {options.Limit.TotalSeconds:0} s: {(text.Length == 0 ? "the manifests are not applied" : text)}" : text;
    }
}
