using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Runner.Containers;
using Fairlead.Dev.Runner.Status;
using Fairlead.Dev.Runner.Volumes;

namespace Fairlead.Dev.Runner;

/// <summary>The life of one Pod on this node: volumes, init containers, containers, and its end.</summary>
internal sealed class PodWorker : IDisposable
{
    // How long until missing volumes are looked for again, should no change of an object come first.
    private static readonly TimeSpan VolumeRetry = TimeSpan.FromSeconds(10);

    private readonly NodeServices _node;
    private readonly PodContext _context;
    private readonly PodStatusWriter _status;
    private readonly WakeSignal _sourcesChanged = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Lock _volumes = new();
    private volatile PodProgress _progress;
    private long? _grace;
    private readonly List<Task> _running = [];
    private Task _keepingVolumes = Task.CompletedTask;
    private bool _nodeEnds;
    private bool _isDisposed;

    public PodWorker(NodeServices node, JsonObject pod)
    {
        _node = node;
        Uid = pod.Uid();
        var time = node.View.Time;
        _kill = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var address = node.Addresses.Take();
        var directory = new PodDirectory(Path.Combine(node.PodFolders, Uid));
        _status = new PodStatusWriter(node.View, pod, address, () => _progress!);
        _context = new PodContext(pod)
        {
            Address = address,
            Directory = directory,
            Volumes = new PodVolumes(pod, directory, node.Claims, node.Sources, time, address),
            Environment = node.Environment,
            Images = node.Images,
            Variables = node.Variables,
            Guard = node.Guard,
            Events = node.Events,
            Time = time,
            StatusChanged = _status.Changed,
        };
        _progress = new PodProgress(time.GetUtcNow(), Supervisors(pod, "initContainers"), Supervisors(pod, "containers"));
    }

    public string Uid { get; }

    public JsonObject Pod => _context.Pod;

    /// <summary>All containers, init containers first.</summary>
    public IEnumerable<ContainerSupervisor> Containers => _progress.InitContainers.Concat(_progress.Containers);

    /// <summary>Runs the Pod until it is gone, or the node ends.</summary>
    public async Task RunAsync()
    {
        using var ended = new CancellationTokenSource();
        var writing = _status.RunAsync(ended.Token);
        var living = LiveAsync(ended.Token);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_stop.Token.Register(stopped.SetResult))
            await Task.WhenAny(living, stopped.Task).ConfigureAwait(false);
        await StopAllAsync().ConfigureAwait(false);
        await living.ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(writing, _keepingVolumes).ConfigureAwait(false);
        Advance(progress => progress with { IsOver = true });
        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>The Pod has changed; a deletion under way ends it.</summary>
    public void Update(JsonObject pod)
    {
        var imagesChanged = Images(_context.Pod) != Images(pod);
        _context.Pod = pod;
        _status.Changed();
        if (imagesChanged)
            SourcesChanged();
        if (!Pods.IsTerminating(pod))
            return;

        var grace = pod.Object("metadata").Integer("deletionGracePeriodSeconds") ?? 0;
        lock (_gate)
        {
            // A second deletion may allow less time, never more.
            if (_isDisposed || _grace <= grace)
                return;
            _grace = grace;
            _kill.CancelAfter(TimeSpan.FromSeconds(grace));
            _ = _stop.CancelAsync();
        }
    }

    /// <summary>The Pod is gone from the API: nothing of it may stay.</summary>
    public void Gone()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _ = _stop.CancelAsync();
            _ = _kill.CancelAsync();
        }

        _gone.TrySetResult();
    }

    /// <summary>The node ends: the Pod's processes are to stop, at the latest when <see cref="Kill"/> is called.</summary>
    public void NodeEnds()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _nodeEnds = true;
            _ = _stop.CancelAsync();
        }

        _gone.TrySetResult();
    }

    public void Kill()
    {
        lock (_gate)
        {
            if (!_isDisposed)
                _ = _kill.CancelAsync();
        }
    }

    /// <summary>A Secret or ConfigMap of the namespace has changed.</summary>
    public void SourceChanged(string plural, string name)
    {
        if (_context.Volumes.Shows(plural, name) || Containers.Any(c => c.Status.State is ContainerState.Waiting))
            SourcesChanged();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _stop.Dispose();
            _kill.Dispose();
        }
    }

    private static string Images(JsonObject pod) =>
        string.Join(' ', pod.Object("spec").Objects("initContainers").Concat(pod.Object("spec").Objects("containers")).Select(c => c.Text("image")));

    private void SourcesChanged()
    {
        _sourcesChanged.Set();
        foreach (var container in Containers)
            container.SourcesChanged();
    }

    private List<ContainerSupervisor> Supervisors(JsonObject pod, string list)
    {
        var policy = Enum.TryParse<RestartPolicy>(pod.Object("spec").Text("restartPolicy"), out var given) ? given : RestartPolicy.Always;

        // Init containers have to come to an end, so that "always" means "until they succeed".
        if (list == "initContainers" && policy == RestartPolicy.Always)
            policy = RestartPolicy.OnFailure;
        return [.. pod.Object("spec").Objects(list).Select(c =>
            new ContainerSupervisor(_context, list, c.Text("name") ?? "", IsSidecar(c) ? RestartPolicy.Always : policy))];
    }

    private static bool IsSidecar(JsonObject container) => container.Text("restartPolicy") == "Always";

    private void Advance(Func<PodProgress, PodProgress> step)
    {
        lock (_gate)
            _progress = step(_progress);
        _status.Changed();
    }

    private async Task LiveAsync(CancellationToken ended)
    {
        try
        {
            await PrepareVolumesAsync().ConfigureAwait(false);
            _keepingVolumes = KeepVolumesAsync(ended);
            await RunContainersAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Told to end before it was complete.
        }
        catch (Exception e)
        {
            RunnerLog.Failed(_node.View.Logger, Pod.Namespace(), Pod.Name(), e);
            Advance(progress => progress with { Failure = ("UnexpectedError", $"the runner failed: {e.Message}") });
        }
    }

    private Task Run(ContainerSupervisor container)
    {
        var running = container.RunAsync(_stop.Token);
        _running.Add(running);
        return running;
    }

    private async Task RunContainersAsync()
    {
        if (Pod.Object("spec").Integer("activeDeadlineSeconds") is { } seconds)
            _ = LimitAsync(TimeSpan.FromSeconds(seconds));
        foreach (var container in _progress.InitContainers)
        {
            var running = Run(container);
            if (IsSidecar(container.Spec))
                await Task.WhenAny(container.Started, running).ConfigureAwait(false);
            else
                await running.ConfigureAwait(false);
            _stop.Token.ThrowIfCancellationRequested();
            if (container.Status is { IsFinal: true, State: ContainerState.Terminated { ExitCode: not 0 } })
                return;
        }

        Advance(progress => progress with { IsInitialized = true });
        await Task.WhenAll(_progress.Containers.Select(Run).ToList()).ConfigureAwait(false);
    }

    private async Task LimitAsync(TimeSpan limit)
    {
        try
        {
            await Task.Delay(limit, _context.Time, _stop.Token).ConfigureAwait(false);
            Advance(progress => progress with { Failure = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline") });
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Over in time.
        }
    }

    private async Task PrepareVolumesAsync()
    {
        while (!TryPrepareVolumes())
            await _sourcesChanged.WaitAsync(VolumeRetry, _context.Time, _stop.Token).ConfigureAwait(false);
        Advance(progress => progress with { HasVolumes = true });
    }

    private bool TryPrepareVolumes()
    {
        try
        {
            lock (_volumes)
                _context.Volumes.Prepare(Pod);
            return true;
        }
        catch (Exception e) when (e is ContainerConfigurationException or IOException or UnauthorizedAccessException or ApiStatusException)
        {
            _node.Events.Warning(Pod, "FailedMount", e.Message);
            return false;
        }
    }

    /// <summary>Brings volumes up to date when their sources change, and renews tokens in time.</summary>
    private async Task KeepVolumesAsync(CancellationToken ended)
    {
        try
        {
            while (true)
            {
                var wait = _context.Volumes.RenewAt - _context.Time.GetUtcNow() ?? Timeout.InfiniteTimeSpan;
                await _sourcesChanged.WaitAsync(wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? VolumeRetry : wait, _context.Time, ended)
                    .ConfigureAwait(false);
                TryPrepareVolumes();
            }
        }
        catch (OperationCanceledException)
        {
            // The Pod is over.
        }
    }

    /// <summary>Ends what still runs: containers first, then sidecars, the last one first.</summary>
    private async Task StopAllAsync()
    {
        lock (_gate)
        {
            // Nobody deleted the Pod: it is complete, and its sidecars have the time that a deletion would give them.
            if (_grace is null && !_nodeEnds)
                _kill.CancelAfter(TimeSpan.FromSeconds(Pod.Object("spec").Integer("terminationGracePeriodSeconds") ?? 30));
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_progress.Containers.Select(c => c.StopAsync(_kill.Token))).ConfigureAwait(false);
        foreach (var container in _progress.InitContainers.Reverse())
            await container.StopAsync(_kill.Token).ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        try
        {
            if (!_nodeEnds)
                _status.Write();
            if (Pods.IsTerminating(Pod))
                _node.View.Api.Delete("", "pods", Pod.Namespace(), Pod.Name(), uid: Uid, graceSeconds: 0);
        }
        catch (ApiStatusException)
        {
            // Another object has the name now.
        }

        // Logs can be read as long as the Pod is there.
        await _gone.Task.ConfigureAwait(false);
        foreach (var container in Containers)
        {
            container.Log?.End();
            container.PreviousLog?.End();
        }

        _node.Addresses.GiveBack(_context.Address.Pod);
        _context.Directory.Delete();
    }
}
