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

    public void Ready(IReadOnlyList<ProxyOverview> proxies, DevEndpoints endpoints, TimeSpan sinceStart) => Write(new JsonObject
    {
        ["event"] = "ready",
        ["seconds"] = Seconds(sinceStart),
        ["kubeconfig"] = endpoints.Kubeconfig,
        ["proxies"] = new JsonArray([.. proxies.Select(proxy => (JsonNode)new JsonObject
        {
            ["namespace"] = proxy.Service.Namespace,
            ["service"] = proxy.Service.Name,
            ["mode"] = proxy.IsEgress ? "egress" : "ingress",
            ["target"] = proxy.Target,
            ["hostname"] = proxy.Hostname,
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

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private void Write(JsonObject line)
    {
        output.WriteLine(JsonText.OneLine(line));
        output.Flush();
    }
}
