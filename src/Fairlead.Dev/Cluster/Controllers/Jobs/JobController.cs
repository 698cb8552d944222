using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Jobs;

/// <summary>Runs the Pods of Jobs until enough of them have succeeded or too many have failed.</summary>
internal sealed class JobController : Controller
{
    private const string IndexAnnotation = "batch.kubernetes.io/job-completion-index";

    public JobController(ClusterView view)
        : base(view)
    {
        LookAt("batch", "jobs");
        LookAtOwners("", "pods", "batch", "jobs", "Job");
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("batch", "jobs").Get(id.Namespace, id.Name) is not { } job || job.Object("metadata")?["deletionTimestamp"] is not null || IsOver(job))
            return;

        var spec = job.Object("spec");
        var pods = View.Cache("", "pods").OwnedBy(job.Uid());
        var succeeded = pods.Count(p => p.Object("status").Text("phase") == "Succeeded");
        var failed = pods.Count(p => p.Object("status").Text("phase") == "Failed");
        var active = pods.Where(Pods.IsActive).ToList();
        var wanted = spec.Integer("completions");

        // Without a number of completions, any success ends the Job once the running Pods are done.
        var isComplete = wanted is { } count ? succeeded >= count : succeeded > 0 && active.Count == 0;
        var isFailed = failed > (spec.Integer("backoffLimit") ?? 6);
        var isSuspended = spec.Flag("suspend") == true;
        if (isComplete || isFailed || isSuspended)
            Stop(active);
        else
            Start(job, active, pods, wanted is { } total ? total - succeeded : succeeded > 0 ? active.Count : long.MaxValue);

        active = [.. View.Cache("", "pods").OwnedBy(job.Uid()).Where(Pods.IsActive)];
        View.UpdateStatus("batch", "jobs", job, Status(job, active, succeeded, failed, isComplete, isFailed, isSuspended));
    }

    private static bool IsOver(JsonObject job) =>
        job.Object("status").Objects("conditions").Any(c => c.Text("type") is "Complete" or "Failed" && c.Text("status") == "True");

    private void Stop(IEnumerable<JsonObject> active)
    {
        foreach (var pod in active)
            View.Delete("", "pods", pod);
    }

    private void Start(JsonObject job, List<JsonObject> active, IReadOnlyList<JsonObject> pods, long needed)
    {
        var parallelism = Math.Min(job.Object("spec").Integer("parallelism") ?? 1, needed);
        foreach (var pod in active.Skip((int)Math.Min(int.MaxValue, Math.Max(0, parallelism))))
            View.Delete("", "pods", pod);
        var isIndexed = job.Object("spec").Text("completionMode") == "Indexed";
        var taken = pods.Where(p => Pods.IsActive(p) || p.Object("status").Text("phase") == "Succeeded")
            .Select(p => p.Object("metadata").Object("annotations").Text(IndexAnnotation)).ToHashSet();
        for (var running = (long)active.Count; running < parallelism; running++)
        {
            var pod = Pods.From(job.Object("spec").Object("template"), job);
            pod.Ensure("metadata")["generateName"] = job.Name() + "-";
            if (isIndexed)
                GiveIndex(job, pod, taken);
            View.Create("", "pods", job.Namespace(), pod);
        }
    }

    private static void GiveIndex(JsonObject job, JsonObject pod, HashSet<string?> taken)
    {
        var index = 0;
        while (!taken.Add(index.ToString(CultureInfo.InvariantCulture)))
            index++;
        var text = index.ToString(CultureInfo.InvariantCulture);
        var metadata = pod.Ensure("metadata");
        metadata["generateName"] = $"{job.Name()}-{text}-";
        metadata.Ensure("annotations")[IndexAnnotation] = text;
        metadata.Ensure("labels")[IndexAnnotation] = text;
        pod.Ensure("spec")["hostname"] = $"{job.Name()}-{text}";
    }

    private JsonObject Status(JsonObject job, List<JsonObject> active, int succeeded, int failed, bool isComplete, bool isFailed, bool isSuspended)
    {
        var status = (JsonObject)(job.Object("status") ?? []).DeepClone();
        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)[("active", active.Count), ("succeeded", succeeded), ("failed", failed)])
        {
            if (value > 0)
                status[name] = value;
            else
                status.Remove(name);
        }

        status["ready"] = active.Count(Pods.IsReady);
        status["terminating"] = 0;
        status["uncountedTerminatedPods"] = new JsonObject();
        if (!isSuspended && status["startTime"] is null)
            status["startTime"] = View.Now;
        if (isComplete)
        {
            status["completionTime"] = View.Now;
            Add(status, "SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods");
            Add(status, "Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods");
        }
        else if (isFailed)
        {
            Add(status, "FailureTarget", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
            Add(status, "Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        else if (isSuspended || status.Objects("conditions").Any(c => c.Text("type") == "Suspended"))
        {
            Add(status, "Suspended", isSuspended ? "True" : "False", isSuspended ? "JobSuspended" : "JobResumed", isSuspended ? "Job suspended" : "Job resumed");
        }

        return status;
    }

    private void Add(JsonObject status, string type, string state, string reason, string message)
    {
        if (status.Objects("conditions").Any(c => c.Text("type") == type && c.Text("status") == state))
            return;
        var others = status.Objects("conditions").Where(c => c.Text("type") != type).Select(c => c.DeepClone());
        status["conditions"] = new JsonArray(
        [
            .. others,
            new JsonObject
            {
                ["type"] = type, ["status"] = state, ["reason"] = reason, ["message"] = message, ["lastProbeTime"] = View.Now,
                ["lastTransitionTime"] = View.Now,
            },
        ]);
    }
}
