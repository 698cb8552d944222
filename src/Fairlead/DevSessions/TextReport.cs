using System.Globalization;
using Fairlead.Kubernetes.Resources.Meta;
using Spectre.Console;

namespace Fairlead.DevSessions;

/// <summary>For people: a line for each thing that happens and, indented below it, why.</summary>
internal sealed class TextReport(IAnsiConsole console) : IDevReport
{
    // As wide as the longest of the words in front: "condition".
    private const int ChangeWidth = 9;

    public void Started(DevEndpoints endpoints)
    {
        console.MarkupLineInterpolated($"Kubernetes API  {endpoints.KubernetesApi.GetLeftPart(UriPartial.Authority)}  [dim](in memory; kubeconfig {endpoints.Kubeconfig})[/]");
        console.MarkupLineInterpolated($"Control plane   {endpoints.ControlPlane.GetLeftPart(UriPartial.Authority)}  [dim](a tailnet of its own, in memory)[/]");
        console.MarkupLine("[dim]No device joins this tailnet and no traffic flows: proxies are created and configured, not run.[/]");
        console.WriteLine();
    }

    public void Happened(DevEvent happened, TimeSpan sinceStart)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{sinceStart.TotalSeconds,7:0.00}s");
        var color = happened.Change switch
        {
            DevEvent.Created or DevEvent.Issued => "green",
            DevEvent.Deleted => "red",
            DevEvent.Condition => "blue",
            _ => "yellow",
        };
        var detail = happened.Detail.Length == 0 ? "" : $": {happened.Detail}";
        console.MarkupLine(
            $"[dim]{time}[/] [{color}]{happened.Change.PadRight(ChangeWidth)}[/] {Markup.Escape($"{happened.Kind} {happened.Key}{detail}")}");
        if (happened.Why.Length > 0)
        {
            console.MarkupLine($"[dim]{new string(' ', 9 + ChangeWidth)} {Markup.Escape(happened.Why)}[/]");
        }
    }

    public void Ready(IReadOnlyList<ProxyOverview> proxies, DevEndpoints endpoints, TimeSpan sinceStart)
    {
        console.WriteLine();
        if (proxies.Count > 0)
        {
            console.Write(TableOf(proxies));
        }

        var seconds = sinceStart.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        console.MarkupLineInterpolated($"Everything the manifests ask for exists, {seconds} s after the start. Try next, in another terminal:");
        console.WriteLine();
        foreach (var command in Suggestions(proxies, endpoints.Kubeconfig))
        {
            console.WriteLine($"  {command}");
        }

        console.WriteLine();
    }

    public void NotReady(string reason) => console.MarkupLineInterpolated($"[yellow]not complete:[/] {reason}");

    public void Stopping() => console.WriteLine("stopping");

    private static Table TableOf(IReadOnlyList<ProxyOverview> proxies)
    {
        var table = new Table { Border = TableBorder.Ascii2 };
        table.AddColumns("Service", "Target", "Proxy", "Device", "Created", "Running");
        foreach (var proxy in proxies)
        {
            table.AddRow(
                Cell(proxy.Service.ToString()),
                Cell(proxy.Target),
                Cell(proxy.Proxy ?? "-"),
                Cell(proxy.Hostname),
                Cell(State(proxy.Ready)),
                Cell(State(proxy.Running)));
        }

        return table;

        static Text Cell(string text) => new(text);
    }

    private static string State(Condition? condition) => condition is null ? "-" : $"{condition.Status} ({condition.Reason})";

    private static IEnumerable<string> Suggestions(IReadOnlyList<ProxyOverview> proxies, string kubeconfig)
    {
        var kubectl = $"kubectl --kubeconfig {kubeconfig}";
        yield return $"{kubectl} get svc,statefulsets,secrets -A";
        if (proxies is [{ Service: var service, IsEgress: false }, ..])
        {
            var on = $"{kubectl} -n {service.Namespace}";
            yield return $"{on} describe svc {service.Name}";
            yield return $"{on} annotate svc {service.Name} tailscale.com/hostname=another-name --overwrite";
            yield return $"{on} delete svc {service.Name}";
        }

        yield return $"{kubectl} apply -f your-service.yaml";
    }
}
