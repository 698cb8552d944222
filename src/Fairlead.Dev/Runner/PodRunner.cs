using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Runner.Processes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Dev.Runner;

/// <summary>
/// A node of an embedded cluster that runs Pods as processes of this machine, without root: it binds Pods that have no node, gives
/// each an address of its own and keeps its containers as a kubelet would. Processes find what namespaces would give them by
/// <see cref="PodVariables"/>. All end with this process, whichever way it ends.
/// </summary>
public sealed class PodRunner : IAsyncDisposable
{
    private const string Component = "fairlead-runner";

    // What programs have to end by themselves when the node does.
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, (PodWorker Worker, Task Running)> _pods = new(StringComparer.Ordinal);
    private readonly EmbeddedCluster _cluster;
    private readonly PodRunnerOptions _options;
    private readonly NodeServices _services;
    private readonly PodScheduler _scheduler;

    private PodRunner(EmbeddedCluster cluster, PodRunnerOptions options)
    {
        (_cluster, _options) = (cluster, options);
        var view = new ClusterView(cluster.Api, options.TimeProvider, options.LoggerFactory.CreateLogger<PodRunner>(), _stopping.Token);

        // Pods have working directories of their own.
        var directory = Path.GetFullPath(options.Directory);
        var folders = Path.Combine(directory, "pods");
        if (Directory.Exists(folders))
            Directory.Delete(folders, recursive: true);
        PodDirectory.CreatePrivate(directory);
        _services = new NodeServices
        {
            View = view,
            Addresses = new PodAddresses(options.Network),
            Sources = new ClusterSources(cluster),
            Events = new PodEvents(cluster.Api, options.TimeProvider, Component, options.NodeName),
            Guard = new OrphanGuard(),
            Images = options.Images,
            PodFolders = folders,
            Claims = Path.Combine(directory, "claims"),
            Variables = options.Variables
                .SetItem("KUBERNETES_SERVICE_HOST", cluster.Url.Host)
                .SetItem("KUBERNETES_SERVICE_PORT", cluster.Url.Port.ToString(CultureInfo.InvariantCulture))
                .SetItem("KUBERNETES_SERVICE_PORT_HTTPS", cluster.Url.Port.ToString(CultureInfo.InvariantCulture)),
        };
        _scheduler = new PodScheduler(view, options.NodeName);
    }

    /// <summary>Registers the node and starts to run Pods.</summary>
    public static PodRunner Start(EmbeddedCluster cluster, PodRunnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(options);
        var runner = new PodRunner(cluster, options);
        cluster.Nodes.Add(options.NodeName, new RunnerKeeper(runner.Find));
        NodeRegistration.Register(cluster.Api, options.NodeName, options.Network.NodeAddress, options.TimeProvider.GetUtcNow());
        var view = runner._services.View;
        view.Cache("", "pods").Changed += (_, before, after) => runner.PodChanged(before, after);
        foreach (var plural in (ReadOnlySpan<string>)["secrets", "configmaps"])
        {
            view.Cache("", plural).Changed += (id, _, _) => runner.SourceChanged(id);
            view.Follow("", plural);
        }

        view.Follow("", "pods");
        return runner;
    }

    /// <summary>Ends a container's processes at once, as a lack of memory would; what follows is the restart policy's affair.</summary>
    /// <param name="container">Null for all of the Pod.</param>
    /// <returns>Whether anything ran.</returns>
    public bool Kill(string ns, string pod, string? container = null)
    {
        var killed = false;
        foreach (var supervisor in (Find(ns, pod)?.Containers ?? []).Where(c => container is null || c.Name == container))
            killed |= supervisor.Kill();
        return killed;
    }

    /// <summary>Ends all processes and waits for their end.</summary>
    public async ValueTask DisposeAsync()
    {
        _cluster.Nodes.Remove(_options.NodeName);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _services.View.Completion.ConfigureAwait(false);
        foreach (var (worker, _) in _pods.Values)
            worker.NodeEnds();
        var all = Task.WhenAll(_pods.Values.Select(pod => pod.Running));
        try
        {
            // Of the machine's time, since the machine's processes are waited for.
            await all.WaitAsync(EndingTime, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (var (worker, _) in _pods.Values)
                worker.Kill();
            await all.ConfigureAwait(false);
        }

        _services.Guard.Dispose();
        _stopping.Dispose();
    }

    private PodWorker? Find(string ns, string name) =>
        _pods.Values.Select(pod => pod.Worker).FirstOrDefault(worker => worker.Pod.Namespace() == ns && worker.Pod.Name() == name);

    private void PodChanged(JsonObject? before, JsonObject? after)
    {
        if (_stopping.IsCancellationRequested)
            return;
        if (after is null)
        {
            if (_pods.TryGetValue(before!.Uid(), out var gone))
                gone.Worker.Gone();
        }
        else if (_pods.TryGetValue(after.Uid(), out var known))
        {
            known.Worker.Update(after);
        }
        else if (after.Object("spec").Text("nodeName") is null)
        {
            _scheduler.Bind(after);
        }
        else if (after.Object("spec").Text("nodeName") == _options.NodeName && !Pods.IsOver(after))
        {
            StartPod(after);
        }
    }

    private void StartPod(JsonObject pod)
    {
        PodWorker worker;
        try
        {
            worker = new PodWorker(_services, pod);
        }
        catch (ContainerConfigurationException e)
        {
            _services.Events.Warning(pod, "FailedCreatePodSandBox", e.Message);
            return;
        }

        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_pods.TryAdd(worker.Uid, (worker, RunAsync(worker, start.Task))))
        {
            worker.Dispose();
            return;
        }

        start.SetResult();

        // It may have been deleted before it was known here.
        worker.Update(pod);
    }

    private async Task RunAsync(PodWorker worker, Task start)
    {
        await start.ConfigureAwait(false);
        await worker.RunAsync().ConfigureAwait(false);
        if (!_stopping.IsCancellationRequested)
            _pods.TryRemove(worker.Uid, out _);
        worker.Dispose();
    }

    private void SourceChanged(ObjectId id)
    {
        foreach (var (worker, _) in _pods.Values)
        {
            if (worker.Pod.Namespace() == id.Namespace)
                worker.SourceChanged(id.Plural, id.Name);
        }
    }
}
