using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Logs;
using Fairlead.Dev.Runner.Probes;
using Fairlead.Dev.Runner.Processes;

namespace Fairlead.Dev.Runner.Containers;

/// <summary>Keeps one container of a Pod running, as its restart policy says.</summary>
internal sealed class ContainerSupervisor(PodContext context, string list, string name, RestartPolicy policy)
{
    // How long until a container whose configuration is incomplete is tried again, should no change of an object come first.
    private static readonly TimeSpan ConfigurationRetry = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly RestartBackOff _backOff = new();
    private readonly WakeSignal _sourcesChanged = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ContainerStatus _status = ContainerStatus.Initial;
    private volatile ContainerRun? _run;
    private volatile ContainerLog? _log;
    private volatile ContainerLog? _previousLog;
    private bool _stopping;

    public string Name => name;

    public ContainerStatus Status => _status;

    /// <summary>Completes when the container has come up for the first time.</summary>
    public Task Started => _started.Task;

    /// <summary>Log of the present or last run; null before the first.</summary>
    public ContainerLog? Log => _log;

    public ContainerLog? PreviousLog => _previousLog;

    /// <summary>The running process; null between runs.</summary>
    public ProcessSpec? Process => _run?.Process;

    public OrphanGuard Guard => context.Guard;

    /// <summary>The container's fields as they are now: its image may change.</summary>
    public JsonObject Spec => context.Pod.Object("spec").Objects(list).First(c => c.Text("name") == name);

    /// <summary>An object that the container's configuration may come from has changed.</summary>
    public void SourcesChanged() => _sourcesChanged.Set();

    /// <summary>Runs until the container has ended for good, or is to stop and has.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            for (var restarts = 0; !stop.IsCancellationRequested; restarts++)
            {
                var run = await StartAsync(restarts, stop).ConfigureAwait(false);
                var end = run is null ? (ContainerState.Terminated)_status.State : await WatchAsync(run).ConfigureAwait(false);
                var again = !stop.IsCancellationRequested && (policy == RestartPolicy.Always || (policy == RestartPolicy.OnFailure && end.ExitCode != 0));
                Set(_status with { State = end, IsReady = false, IsStarted = false, IsFinal = !again });
                if (!again)
                    return;
                await BackOffAsync(end, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Set(_status with { IsFinal = true });
        }
    }

    /// <summary>Ends the container: its hook, then SIGTERM, and SIGKILL once <paramref name="kill"/> says so.</summary>
    public async Task StopAsync(CancellationToken kill)
    {
        ContainerRun? run;
        lock (_gate)
        {
            _stopping = true;
            run = _run;
        }

        if (run is not null)
            await EndAsync(run, kill).ConfigureAwait(false);
    }

    /// <summary>Ends the present run without a word.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Kill()
    {
        var run = _run;
        run?.Kill();
        return run is not null;
    }

    private async Task EndAsync(ContainerRun run, CancellationToken kill)
    {
        context.Events.Normal(context.Pod, "Killing", $"Stopping container {name}");
        try
        {
            if (Actions(run).Read(Spec.Object("lifecycle").Object("preStop")) is { } hook)
            {
                var finished = hook.RunAsync(kill);
                if (await Task.WhenAny(finished, run.Exit).ConfigureAwait(false) == finished && await finished.ConfigureAwait(false) is { } problem)
                    context.Events.Warning(context.Pod, "FailedPreStopHook", $"PreStop hook of container {name} failed: {problem}");
            }

            run.Send(Signal.Terminate);
            await run.Exit.WaitAsync(kill).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
            run.Kill();
            await run.Exit.ConfigureAwait(false);
        }
    }

    private ContainerActions Actions(ContainerRun run) => new(Spec, context, run.Process);

    private void Set(ContainerStatus status)
    {
        if (_status == status)
            return;
        _status = status;
        context.StatusChanged();
    }

    /// <returns>Null when the program cannot be started; the state tells.</returns>
    private async Task<ContainerRun?> StartAsync(int restarts, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                ContainerActions.Check(Spec);
                var launch = new ContainerLaunch(context, Spec);
                if (launch.Command is { } command)
                    return Start(launch.Prepare(command), restarts);
                var image = Spec.Text("image");
                Wait("ErrImagePull", $"no local command stands for image \"{image}\": Pods of this cluster run as processes of this machine, " +
                    $"which has commands for {Known()}; use one of these, or run this Pod in a cluster with a container runtime");
            }
            catch (ContainerConfigurationException e)
            {
                Wait("CreateContainerConfigError", e.Message);
            }
            catch (ProcessStartException e)
            {
                var now = context.Time.GetUtcNow();
                context.Events.Warning(context.Pod, "Failed", $"Error: {e.Message}");
                _started.TrySetResult();

                // What shells answer for a command that cannot be run, and container runtimes too.
                Set(_status with { State = new ContainerState.Terminated(128, "StartError", e.Message, now, now), Restarts = restarts });
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Wait("CreateContainerError", e.Message);
            }

            await _sourcesChanged.WaitAsync(ConfigurationRetry, context.Time, stop).ConfigureAwait(false);
        }
    }

    private string Known() => string.Join(", ", context.Images.Repositories) is { Length: > 0 } known ? known : "no image at all";

    private void Wait(string reason, string message)
    {
        if (_status.State is not ContainerState.Waiting waiting || waiting.Message != message)
            context.Events.Warning(context.Pod, "Failed", $"Error: {message}");
        Set(_status with { State = new ContainerState.Waiting(reason, message) });
    }

    private ContainerRun Start(ProcessSpec process, int restarts)
    {
        var log = new ContainerLog(Path.Combine(context.Directory.Logs, string.Create(CultureInfo.InvariantCulture, $"{name}.{restarts}")), context.Time);
        ContainerRun run;
        try
        {
            run = ContainerRun.Start(process, log, context.Guard, context.Time);
        }
        catch
        {
            log.Delete();
            throw;
        }

        bool stopping;
        lock (_gate)
        {
            _run = run;
            stopping = _stopping;
        }

        // Told to stop while it was being started: nobody else knows of the process.
        if (stopping)
            run.Kill();
        _previousLog?.Delete();
        (_previousLog, _log) = (_log, log);
        var hasStartup = Spec.Object("startupProbe") is not null;
        Set(_status with
        {
            State = new ContainerState.Running(run.StartedAt),
            Last = _status.State as ContainerState.Terminated ?? _status.Last,
            Restarts = restarts,
            IsStarted = !hasStartup,
            IsReady = !hasStartup && Spec.Object("readinessProbe") is null,
        });
        if (!hasStartup)
            _started.TrySetResult();
        context.Events.Normal(context.Pod, "Started", $"Started container {name}");
        return run;
    }

    /// <summary>Probes until the run ends.</summary>
    private async Task<ContainerState.Terminated> WatchAsync(ContainerRun run)
    {
        using var ended = new CancellationTokenSource();
        var probing = ProbeAsync(run, ended.Token);
        var result = await run.ResultAsync(Spec, context.Directory.Root(name), context.Time).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await probing.ConfigureAwait(false);
        lock (_gate)
            _run = null;
        run.Dispose();
        return result;
    }

    private async Task ProbeAsync(ContainerRun run, CancellationToken ended)
    {
        try
        {
            var actions = Actions(run);
            if (actions.Read(Spec.Object("lifecycle").Object("postStart")) is { } hook && await hook.RunAsync(ended).ConfigureAwait(false) is { } problem)
            {
                context.Events.Warning(context.Pod, "FailedPostStartHook", $"PostStart hook of container {name} failed: {problem}");
                await RestartAsync(run, null).ConfigureAwait(false);
                return;
            }

            if (!await StartUpAsync(run, actions, ended).ConfigureAwait(false))
                return;
            await Task.WhenAll(ReadinessAsync(actions, ended), LivenessAsync(run, actions, ended)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (ContainerConfigurationException e)
        {
            context.Events.Warning(context.Pod, "Unhealthy", e.Message);
        }
    }

    private ProbeLoop? Loop(string kind, string field, ContainerActions actions) =>
        Spec.Object(field) is { } probe && actions.Read(probe) is { } action
            ? new ProbeLoop(kind, probe, action, context.Time, problem => context.Events.Warning(context.Pod, "Unhealthy", problem))
            : null;

    private async Task<bool> StartUpAsync(ContainerRun run, ContainerActions actions, CancellationToken ended)
    {
        if (Loop("Startup", "startupProbe", actions) is not { } loop)
            return true;
        var cameUp = false;
        await loop.RunAsync(
            success =>
            {
                cameUp = success;
                return false;
            },
            ended).ConfigureAwait(false);
        if (!cameUp)
        {
            await RestartAsync(run, Spec.Object("startupProbe")).ConfigureAwait(false);
            return false;
        }

        Set(_status with { IsStarted = true, IsReady = Spec.Object("readinessProbe") is null });
        _started.TrySetResult();
        return true;
    }

    private async Task ReadinessAsync(ContainerActions actions, CancellationToken ended)
    {
        if (Loop("Readiness", "readinessProbe", actions) is not { } loop)
            return;
        if (Spec.Object("readinessProbe").Integer("initialDelaySeconds") is null or 0)
            await loop.ComeUpAsync(ended).ConfigureAwait(false);
        await loop.RunAsync(
            success =>
            {
                if (!ended.IsCancellationRequested)
                    Set(_status with { IsReady = success });
                return true;
            },
            ended).ConfigureAwait(false);
    }

    private async Task LivenessAsync(ContainerRun run, ContainerActions actions, CancellationToken ended)
    {
        if (Loop("Liveness", "livenessProbe", actions) is not { } loop)
            return;
        var isDead = false;
        await loop.RunAsync(success => !(isDead = !success), ended).ConfigureAwait(false);
        if (isDead)
            await RestartAsync(run, Spec.Object("livenessProbe")).ConfigureAwait(false);
    }

    /// <summary>Ends a run that is not well; what follows is the restart policy's affair.</summary>
    private async Task RestartAsync(ContainerRun run, JsonObject? probe)
    {
        var grace = probe.Integer("terminationGracePeriodSeconds") ?? context.Pod.Object("spec").Integer("terminationGracePeriodSeconds") ?? 30;
        using var kill = new CancellationTokenSource(TimeSpan.FromSeconds(grace), context.Time);
        await EndAsync(run, kill.Token).ConfigureAwait(false);
    }

    private async Task BackOffAsync(ContainerState.Terminated end, CancellationToken stop)
    {
        var wait = _backOff.After(end.FinishedAt - end.StartedAt);
        if (wait == TimeSpan.Zero)
            return;
        var message = $"back-off {wait.TotalSeconds:0}s restarting failed container={name} pod={context.Pod.Name()}_{context.Pod.Namespace()}({context.Pod.Uid()})";
        context.Events.Warning(context.Pod, "BackOff", $"Back-off restarting failed container {name} in pod {context.Pod.Name()}");
        Set(_status with { State = new ContainerState.Waiting("CrashLoopBackOff", message), Last = end });
        await Task.Delay(wait, context.Time, stop).ConfigureAwait(false);
    }
}
