using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner;

/// <summary>Events about objects; one that repeats is counted, not written anew.</summary>
internal sealed class PodEvents(IClusterApi api, TimeProvider time, string component, string host)
{
    // Enough for a laptop's cluster; beyond it events are written anew.
    private const int Remembered = 4096;

    private readonly ConcurrentDictionary<(string Uid, string Reason, string Message), string> _names = new();

    public void Normal(JsonObject subject, string reason, string message) => Write(subject, "Normal", reason, message);

    public void Warning(JsonObject subject, string reason, string message) => Write(subject, "Warning", reason, message);

    private void Write(JsonObject subject, string type, string reason, string message)
    {
        try
        {
            if (!Count(subject, reason, message))
                Create(subject, type, reason, message);
        }
        catch (ApiStatusException)
        {
            // The namespace ends, or the event was changed at the same time: what it tells is in the status too.
        }
    }

    private string Now => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private bool Count(JsonObject subject, string reason, string message)
    {
        if (!_names.TryGetValue((subject.Uid(), reason, message), out var name) || api.Get("", "events", subject.Namespace(), name) is not { } known)
            return false;
        known["count"] = (known.Integer("count") ?? 1) + 1;
        known["lastTimestamp"] = Now;
        api.Update("", "events", subject.Namespace(), known);
        return true;
    }

    private void Create(JsonObject subject, string type, string reason, string message)
    {
        var created = api.Create("", "events", subject.Namespace(), new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["generateName"] = subject.Name() + ".", ["namespace"] = subject.Namespace() },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = subject.Text("apiVersion"),
                ["kind"] = subject.Text("kind"),
                ["namespace"] = subject.Namespace(),
                ["name"] = subject.Name(),
                ["uid"] = subject.Uid(),
            },
            ["type"] = type,
            ["reason"] = reason,
            ["message"] = message,
            ["count"] = 1,
            ["firstTimestamp"] = Now,
            ["lastTimestamp"] = Now,
            ["source"] = new JsonObject { ["component"] = component, ["host"] = host },
            ["reportingComponent"] = component,
            ["reportingInstance"] = host,
        });
        if (_names.Count >= Remembered)
            _names.Clear();
        _names[(subject.Uid(), reason, message)] = created.Name();
    }
}
