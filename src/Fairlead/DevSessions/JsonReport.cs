using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Output;

namespace Fairlead.DevSessions;

/// <summary>One JSON object a line, each with the member <c>event</c>.</summary>
internal sealed class JsonReport(TextWriter output) : IDevReport
{
    public void Started(DevEndpoints endpoints) => Write(new JsonObject
    {
        ["event"] = "started",
        ["kubernetesApi"] = endpoints.KubernetesApi.GetLeftPart(UriPartial.Authority),
        ["controlPlane"] = endpoints.ControlPlane.GetLeftPart(UriPartial.Authority),
        ["kubeconfig"] = endpoints.Kubeconfig,
    });

    public void Happened(DevEvent happened, TimeSpan sinceStart) => Write(new JsonObject
    {
        ["event"] = happened.Change,
        ["seconds"] = Seconds(sinceStart),
        ["kind"] = happened.Kind,
        ["namespace"] = happened.Key.Namespace.Length == 0 ? null : happened.Key.Namespace,
        ["name"] = happened.Key.Name,
        ["detail"] = happened.Detail,
        ["why"] = happened.Why,
    });

    public void Travelled(Journey journey, TimeSpan sinceStart) => Write(new JsonObject
    {
        ["event"] = "request",
        ["seconds"] = Seconds(sinceStart),
        ["namespace"] = journey.Service.Namespace,
        ["service"] = journey.Service.Name,
        ["url"] = journey.Url.ToString(),
        ["outcome"] = journey.Outcome,
        ["arrived"] = journey.HasArrived,
        ["milliseconds"] = Milliseconds(journey.Took),
        ["hops"] = new JsonArray([.. journey.Hops.Select(hop => (JsonNode)new JsonObject
        {
            ["place"] = hop.Place,
            ["detail"] = hop.Detail,
            ["milliseconds"] = hop.Took is { } took ? Milliseconds(took) : null,
        })]),
    });

    public void Ready(DevOverview overview) => Write(new JsonObject
    {
        ["event"] = "complete",
        ["seconds"] = Seconds(overview.Ready),
        ["firstAnswerSeconds"] = overview.FirstAnswer is { } first ? Seconds(first) : null,
        ["kubeconfig"] = overview.Endpoints.Kubeconfig,
        ["proxies"] = new JsonArray([.. overview.Proxies.Select(proxy => (JsonNode)new JsonObject
        {
            ["namespace"] = proxy.Service.Namespace,
            ["service"] = proxy.Service.Name,
            ["mode"] = proxy.IsEgress ? "egress" : "ingress",
            ["target"] = proxy.Target,
            ["hostname"] = proxy.Hostname,
            ["device"] = proxy.DeviceName,
            ["addresses"] = new JsonArray([.. proxy.Addresses.Select(address => (JsonNode)address)]),
            ["proxy"] = proxy.Proxy,
            ["ready"] = State(proxy.Ready),
            ["running"] = State(proxy.Running),
        })]),
    });

    public void NotReady(string reason) => Write(new JsonObject { ["event"] = "notReady", ["reason"] = reason });

    public void Stopping() => Write(new JsonObject { ["event"] = "stopping" });

    private static JsonObject? State(Condition? condition) => condition is null ? null : new JsonObject
    {
        ["status"] = condition.Status,
        ["reason"] = condition.Reason,
        ["message"] = condition.Message,
    };

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private void Write(JsonObject line)
    {
        output.WriteLine(JsonText.OneLine(line));
        output.Flush();
    }
}
