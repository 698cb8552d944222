using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Runner.Status;

/// <summary>Keeps the status of one Pod as its containers are.</summary>
internal sealed class PodStatusWriter(ClusterView view, JsonObject pod, PodAddress address, Func<PodProgress> progress)
{
    // A status that could not be written is tried again, even if nothing changes.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    private readonly WakeSignal _changed = new();

    public void Changed() => _changed.Set();

    /// <summary>Writes after each change until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Write();
                await _changed.WaitAsync(Retry, view.Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The last state is written by whoever cancels.
        }
    }

    public void Write()
    {
        while (view.Api.Get("", "pods", pod.Namespace(), pod.Name()) is { } current && current.Uid() == pod.Uid())
        {
            try
            {
                view.UpdateStatus("", "pods", current, new PodStatus(current, address, progress(), view.Time.GetUtcNow()).Build());
                return;
            }
            catch (ApiStatusException e) when (e.Reason == "Conflict")
            {
                // Somebody set a condition of theirs in between; with it, once more.
            }
            catch (ApiStatusException e)
            {
                // Gone, or refused: with the next change again.
                if (e.Code != 404)
                    RunnerLog.StatusRefused(view.Logger, pod.Namespace(), pod.Name(), e);
                return;
            }
        }
    }
}
