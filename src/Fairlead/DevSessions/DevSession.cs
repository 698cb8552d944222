using System.Text.Json.Nodes;
using Fairlead.CommandLine;
using Fairlead.Dev.Tailnet;
using Fairlead.DevEnvironments;
using Fairlead.Manifests;
using Fairlead.Operator.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.DevSessions;

/// <summary>
/// The main job with nothing to install: manifests are applied to a <see cref="DevEnvironment"/>, requests are sent through its tailnet,
/// and everything is told as it happens.
/// </summary>
internal sealed class DevSession(DevSessionOptions options, IDevReport report)
{
    /// <summary>What the operator and its proxies live on, in order; what happens to them is what there is to tell.</summary>
    private static readonly (string Group, string Plural)[] Watched =
    [
        ("", "namespaces"), ("", "services"), ("", "secrets"), ("apps", "statefulsets"), ("", "pods"), ("discovery.k8s.io", "endpointslices"),
        ("tailscale.com", "proxyclasses"),
    ];

    /// <summary>The node that the examples reach from the cluster.</summary>
    private const string DatabaseHostname = "db";

    private readonly SessionClock _clock = new();

    /// <summary>What was told of, by UID.</summary>
    private readonly Dictionary<string, JsonObject> _told = new(StringComparer.Ordinal);

    private readonly HashSet<string> _knownKeys = new(StringComparer.Ordinal);
    private readonly List<Journey> _travelled = [];

    /// <summary>UIDs of the Services in the manifests; null until all are applied.</summary>
    private volatile IReadOnlySet<string>? _applied;

    private volatile Journeys? _journeys;
    private volatile bool _timedOut;

    /// <returns>An exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        var manifests = options.Files.Count > 0 ? ManifestFiles.Read(options.Files, Console.In) : ExampleManifests.Read();
        using var directory = WorkDirectory.Claim(options.Directory);
        using var problems = LoggerFactory.Create(OperatorLogging.Problems);
        using var operatorLog = options.Verbose
            ? LoggerFactory.Create(builder => OperatorLogging.Configure(builder, new ProcessSettings { Identity = "" }))
            : null;
        var environment = await DevEnvironment.StartAsync(
            new DevEnvironmentOptions
            {
                Directory = directory.Path,
                ApiPort = options.ApiPort,
                Tailnet = new EmbeddedTailnetOptions { Port = options.TailnetPort, DnsSuffix = DevEnvironment.DnsSuffix },
                LoggerFactory = problems,
                OperatorLoggerFactory = operatorLog ?? (ILoggerFactory)NullLoggerFactory.Instance,
            },
            stopping).ConfigureAwait(false);
        await using var environmentEnd = environment.ConfigureAwait(false);
        var endpoints = new DevEndpoints(environment.Cluster.Url, environment.Tailnet.BaseAddress, environment.Kubeconfig, options.Directory);
        report.Started(endpoints);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var feed = new ClusterFeed(environment.Cluster.Api);
        var work = WorkAsync(environment, manifests, feed, ending.Token);
        try
        {
            return await NarrateAsync(environment, endpoints, feed, stopping).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }
    }

    /// <summary>Runs operator and nodes and applies the manifests, until told to stop; the first failure ends the feed.</summary>
    private async Task WorkAsync(DevEnvironment environment, IReadOnlyList<(string Name, string Text)> manifests, ClusterFeed feed, CancellationToken ending)
    {
        foreach (var (group, plural) in Watched)
        {
            feed.Watch(group, plural, ending);
        }

        var running = environment.StartOperator();
        await using var operatorEnd = running.ConfigureAwait(false);
        Task[] parts = [ApplyAsync(environment, manifests, feed, ending), RunNodesAsync(environment, feed, ending), running.Completion.WaitAsync(ending)];
        try
        {
            await foreach (var part in Task.WhenEach(parts).ConfigureAwait(false))
            {
                await part.ConfigureAwait(false);
            }
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

        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The two machines of the tailnet that are not the cluster's: one to ask from, one to be reached.</summary>
    private async Task RunNodesAsync(DevEnvironment environment, ClusterFeed feed, CancellationToken ending)
    {
        var joining = environment.StartDatabaseAsync(DatabaseHostname, ending);
        try
        {
            var laptop = await environment.StartLaptopAsync(DevLaptop.DirectoryIn(options.Directory), ending).ConfigureAwait(false);
            await using var laptopEnd = laptop.ConfigureAwait(false);
            var journeys = new Journeys(new Traveller(laptop.Node, _clock), feed.Wake, ending);
            _journeys = journeys;
            feed.Wake();
            await joining.ConfigureAwait(false);
            await UntilStopped.WaitAsync(ending).ConfigureAwait(false);
            await journeys.Completion.ConfigureAwait(false);
        }
        finally
        {
            await ((Task)joining).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (joining.IsCompletedSuccessfully)
            {
                await (await joining.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Applies the manifests and notes the Services among them, which the narration then waits to hear of.</summary>
    private async Task ApplyAsync(DevEnvironment environment, IReadOnlyList<(string Name, string Text)> manifests, ClusterFeed feed, CancellationToken cancellationToken)
    {
        var problems = new List<ManifestProblem>();
        var services = new HashSet<string>(StringComparer.Ordinal);
        using var client = environment.NewClient("fairlead-dev");
        var user = new DevCluster(client);
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
        feed.Wake();
    }

    private async Task<int> NarrateAsync(DevEnvironment environment, DevEndpoints endpoints, ClusterFeed feed, CancellationToken stopping)
    {
        var narrator = new Narrator(environment.Settings, environment.Tailnet.Keys.Snapshot);
        var (ready, warned) = (false, false);
        using var limit = new Timer(_ => TimeOut(feed), null, options.Limit, Timeout.InfiniteTimeSpan);
        try
        {
            await foreach (var change in feed.ReadAsync(stopping).ConfigureAwait(false))
            {
                if (change is not null)
                {
                    Tell(narrator, change, environment.Tailnet);
                }

                var proxies = ProxyOverview.Of(_told.Values, environment.Settings);
                var rests = Travel(proxies);
                if (ready)
                {
                    continue;
                }

                ready = rests && _applied?.All(_told.ContainsKey) == true && proxies.All(proxy => proxy.IsRunning);
                if (ready)
                {
                    report.Ready(new DevOverview(proxies, _travelled, endpoints, _clock.Elapsed, _journeys?.FirstArrival));
                    if (options.Once)
                    {
                        return _travelled.TrueForAll(journey => journey.HasArrived) ? ExitCodes.Success : ExitCodes.Findings;
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

    /// <summary>Sends the laptop's requests, and tells of those that came back.</summary>
    /// <returns>Whether none is left.</returns>
    private bool Travel(IReadOnlyList<ProxyOverview> proxies)
    {
        while (_journeys?.TryTake(out var journey) == true)
        {
            _travelled.Add(journey);
            report.Travelled(journey, _clock.Elapsed);
        }

        return _journeys?.Consider(proxies, [.. _told.Values]) == true;
    }

    private void TimeOut(ClusterFeed feed)
    {
        _timedOut = true;
        feed.Wake();
    }

    private void Tell(Narrator narrator, ObjectChange change, EmbeddedTailnet tailnet)
    {
        // A key exists before the Secret that holds it does, so it is told of first.
        foreach (var key in tailnet.Keys.Snapshot().Where(key => key.Tags.Count > 0 && _knownKeys.Add(key.Id)).OrderBy(key => key.Created))
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
        var reasons = proxies.Where(proxy => !proxy.IsRunning).Select(proxy =>
        {
            var missing = proxy.Missing.Count == 0 ? "" : $" lacks its {string.Join(", ", proxy.Missing)};";
            var condition = (proxy.IsInvalid ? proxy.Ready : proxy.Running ?? proxy.Ready) is { } told
                ? $" {told.Type}={told.Status} {told.Reason}: {told.Message}"
                : " the operator has not reported on it";
            return $"Service {proxy.Service}:{missing}{condition}";
        });
        var unanswered = Journeys.Unanswered(proxies, [.. _told.Values]).Select(service => $"Service {service}: no Pod that it selects is ready to answer");
        var text = string.Join("; ", reasons.Concat(unanswered));
        return !_timedOut ? text : $"after {options.Limit.TotalSeconds:0} s: {(text.Length > 0 ? text : _applied is null ? "the manifests are not applied" : "a request is still under way")}";
    }
}
