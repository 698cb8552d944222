using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Events and Leases.</summary>
internal static class EventRules
{
    // Limits of events.k8s.io/v1.
    private const int MaxReason = 128;
    private const int MaxNote = 1024;

    public static void CheckCore(JsonObject obj, JsonObject? old, Problems problems)
    {
        var involved = obj.Object("involvedObject");
        CheckNamespace(obj, involved, "involvedObject.namespace", problems);
        if (obj["eventTime"] is null)
            return;
        CheckReporting(obj, "reportingComponent", problems);
        foreach (var name in (ReadOnlySpan<string>)["action", "reason"])
        {
            if (obj.Text(name) is null or "")
                problems.Required(name);
        }
    }

    public static void CheckNew(JsonObject obj, JsonObject? old, Problems problems)
    {
        CheckNamespace(obj, obj.Object("regarding"), "regarding.namespace", problems);
        CheckReporting(obj, "reportingController", problems);
        if (obj.Text("reason") is null or "")
            problems.Required("reason");
        if (obj.Text("reason") is { Length: > MaxReason } reason)
            problems.Invalid("reason", reason, $"can have at most {MaxReason} characters");
        if (obj.Text("note") is { Length: > MaxNote } note)
            problems.Invalid("message", note, $"can have at most {MaxNote} characters");
        if (obj.Text("action") is null or "")
            problems.Required("action");
        if (obj.Text("type") is not ("Normal" or "Warning"))
            problems.Invalid("type", obj["type"] ?? "", "has invalid value: " + obj.Text("type"));
        if (old is not null)
        {
            foreach (var name in (ReadOnlySpan<string>)["regarding", "reason", "action", "note", "type", "reportingController", "reportingInstance", "eventTime"])
                problems.Immutable(name, obj[name], old[name]);
        }
    }

    public static void CheckLease(JsonObject lease, JsonObject? old, Problems problems)
    {
        var spec = lease.Object("spec");
        if (spec.Integer("leaseDurationSeconds") is { } duration and <= 0)
            problems.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        if (spec.Integer("leaseTransitions") is { } transitions and < 0)
            problems.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
    }

    private static void CheckNamespace(JsonObject obj, JsonObject? about, string path, Problems problems)
    {
        // Events of cluster-wide objects live in the default namespace.
        var (own, other) = (obj.Namespace(), about.Text("namespace") ?? "");
        if (other.Length == 0 ? own is not ("default" or "kube-system" or "") : own != other && own.Length > 0)
            problems.Invalid(path, other, "does not match event.namespace");
    }

    private static void CheckReporting(JsonObject obj, string member, Problems problems)
    {
        if (obj.Text(member) is { Length: > 0 } reporter)
            problems.Check(member, reporter, Names.QualifiedName(reporter));
        else
            problems.Required(member);
        if (obj.Text("reportingInstance") is null or "")
            problems.Required("reportingInstance");
        else if (obj.Text("reportingInstance")!.Length > MaxReason)
            problems.Invalid("reportingInstance", obj["reportingInstance"], $"can have at most {MaxReason} characters");
    }
}
