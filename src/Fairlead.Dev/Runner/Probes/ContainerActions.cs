using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Processes;

namespace Fairlead.Dev.Runner.Probes;

/// <summary>Reads probes and lifecycle hooks.</summary>
internal sealed class ContainerActions(JsonObject container, PodContext context, ProcessSpec process)
{
    private static readonly string[] Probes = ["startupProbe", "readinessProbe", "livenessProbe"];

    /// <exception cref="ContainerConfigurationException">A probe that cannot be carried out here.</exception>
    public static void Check(JsonObject container)
    {
        foreach (var probe in Probes)
        {
            if (container.Object(probe)?["grpc"] is not null)
            {
                throw new ContainerConfigurationException(
                    $"container \"{container.Text("name")}\": {probe}.grpc is not supported for Pods that run as local processes; use httpGet, tcpSocket or exec");
            }
        }
    }

    /// <summary>The action that a probe or hook describes; null when there is none.</summary>
    public IContainerAction? Read(JsonObject? action)
    {
        if (action.Object("exec") is { } exec)
            return new ExecAction(process, [.. exec.Texts("command")], context.Guard);
        if (action.Object("httpGet") is { } get)
            return Http(get);
        if (action.Object("tcpSocket") is { } tcp)
            return new TcpAction(tcp.Text("host") ?? context.Address.Pod.ToString(), Port(tcp));
        if (action.Object("sleep") is { } sleep)
            return new SleepAction(TimeSpan.FromSeconds(sleep.Integer("seconds") ?? 0), context.Time);
        return null;
    }

    private HttpAction Http(JsonObject get)
    {
        var host = get.Text("host") ?? context.Address.Pod.ToString();
        var scheme = (get.Text("scheme") ?? "HTTP").ToLowerInvariant();
        var path = get.Text("path") ?? "/";
        var uri = new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{Port(get)}{(path.StartsWith('/') ? "" : "/")}{path}"));
        ImmutableArray<KeyValuePair<string, string>> headers = [.. get.Objects("httpHeaders").Select(h => KeyValuePair.Create(h.Text("name") ?? "", h.Text("value") ?? ""))];
        return new HttpAction(uri, headers);
    }

    private int Port(JsonObject action)
    {
        if (action.Integer("port") is { } number)
            return (int)number;
        var name = action.Text("port") ?? "";
        if (container.Objects("ports").FirstOrDefault(p => p.Text("name") == name)?.Integer("containerPort") is { } named)
            return (int)named;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw new ContainerConfigurationException($"container \"{container.Text("name")}\": a probe names the port \"{name}\", which ports do not list");
    }
}
