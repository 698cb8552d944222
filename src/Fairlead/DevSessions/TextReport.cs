using System.Globalization;
using Fairlead.Kubernetes.Resources.Meta;
using Spectre.Console;

namespace Fairlead.DevSessions;

/// <summary>For people: a line for each step, the way of each request, and a table when all has come to rest.</summary>
/// <param name="explains">Whether every object is told of, and, indented below it, why it is there.</param>
/// <param name="command">How its reader calls this program.</param>
internal sealed class TextReport(IAnsiConsole console, bool explains, string command) : IDevReport
{
    // As wide as the longest of the words in front: "condition", "restarted".
    private const int ChangeWidth = 9;
    private const int TimeWidth = 8;

    public void Started(DevEndpoints endpoints)
    {
        console.MarkupLineInterpolated($"Kubernetes API  {endpoints.KubernetesApi.GetLeftPart(UriPartial.Authority)}  [dim](in memory; kubeconfig {endpoints.Kubeconfig})[/]");
        console.MarkupLineInterpolated($"Control plane   {endpoints.ControlPlane.GetLeftPart(UriPartial.Authority)}  [dim](a tailnet of its own, in memory, with a laptop and a database on it)[/]");
        console.WriteLine();
    }

    public void Happened(DevEvent happened, TimeSpan sinceStart)
    {
        if (!explains && !happened.IsHeadline)
        {
            return;
        }

        var color = happened.Change switch
        {
            DevEvent.Created or DevEvent.Issued or DevEvent.Ready or DevEvent.Joined => "green",
            DevEvent.Deleted or DevEvent.Restarted => "red",
            DevEvent.Condition => "blue",
            _ => "yellow",
        };
        var detail = happened.Detail.Length == 0 ? "" : $": {happened.Detail}";
        console.MarkupLine(
            $"{Time(sinceStart)} [{color}]{happened.Change.PadRight(ChangeWidth)}[/] {Markup.Escape($"{happened.Kind} {happened.Key}{detail}")}");
        if (happened.Why.Length > 0)
        {
            console.MarkupLine($"[dim]{new string(' ', TimeWidth + 1 + ChangeWidth)} {Markup.Escape(happened.Why)}[/]");
        }
    }

    public void Travelled(Journey journey, TimeSpan sinceStart)
    {
        var color = journey.HasArrived ? "green" : "red";
        console.WriteLine();
        console.MarkupLine(
            $"{Time(sinceStart)} [{color}]{(journey.HasArrived ? "answered" : "failed"),-ChangeWidth}[/] [bold]{Markup.Escape($"laptop$ curl {journey.Url}")}[/]  "
            + Markup.Escape($"{journey.Outcome}, {Milliseconds(journey.Took)}"));
        var width = journey.Hops.Select(hop => hop.Place.Length).DefaultIfEmpty(0).Max();
        foreach (var hop in journey.Hops)
        {
            var took = hop.Took is { } time ? $" in {Milliseconds(time)}" : "";
            console.MarkupLine($"{new string(' ', TimeWidth + 1 + ChangeWidth)} → {Markup.Escape(hop.Place.PadRight(width))}  [dim]{Markup.Escape(hop.Detail + took)}[/]");
        }
    }

    public void Ready(DevOverview overview)
    {
        console.WriteLine();
        if (overview.Proxies.Count > 0)
        {
            console.Write(TableOf(overview));
        }

        if (overview.FirstAnswer is { } first)
        {
            console.MarkupLineInterpolated($"The first answer came through the tailnet [bold]{Seconds(first)} s[/] after the start; all was ready after {Seconds(overview.Ready)} s.");
        }
        else
        {
            console.MarkupLineInterpolated($"Everything the manifests ask for exists, {Seconds(overview.Ready)} s after the start.");
        }

        console.MarkupLine("Try next, in another terminal:");
        console.WriteLine();
        foreach (var line in Suggestions(overview))
        {
            console.WriteLine($"  {line}");
        }

        console.WriteLine();
    }

    public void NotReady(string reason) => console.MarkupLineInterpolated($"[yellow]not complete:[/] {reason}");

    public void Stopping() => console.WriteLine("stopping");

    private static string Time(TimeSpan sinceStart) => $"[dim]{Seconds(sinceStart, "0.00"),TimeWidth - 1}s[/]";

    private static string Seconds(TimeSpan time, string format = "0.0") => time.TotalSeconds.ToString(format, CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms";

    private static Table TableOf(DevOverview overview)
    {
        var table = new Table { Border = TableBorder.Ascii2 };
        table.AddColumns("Service", "Direction", "On the tailnet", "State", "Answer");
        foreach (var proxy in overview.Proxies)
        {
            var journey = overview.Journeys.LastOrDefault(journey => journey.Service == proxy.Service);
            table.AddRow(
                Cell(proxy.Service.ToString()),
                Cell(proxy.IsEgress ? "cluster → tailnet" : "tailnet → cluster"),
                Cell(proxy.IsEgress ? proxy.Target.TrimEnd('.') : $"{proxy.DeviceName ?? proxy.Hostname} {proxy.Address}"),
                Cell(State(proxy.Running)),
                Cell(journey is null ? "-" : $"{journey.Outcome}, {Milliseconds(journey.Took)}"));
        }

        return table;

        static Text Cell(string text) => new(text);
    }

    private static string State(Condition? condition) => condition?.Reason ?? "-";

    private IEnumerable<string> Suggestions(DevOverview overview)
    {
        var kubectl = $"kubectl --kubeconfig {overview.Endpoints.Kubeconfig}";
        var exec = overview.Endpoints.Directory == DevSessionOptions.DefaultDirectory ? "dev exec" : $"dev exec --directory {overview.Endpoints.Directory}";
        if (overview.Journeys is [{ Url: var url, Service: var service }, ..])
        {
            yield return $"{command} {exec} -- curl {url}";
            yield return $"{kubectl} get pods,svc -A";
            yield return $"{kubectl} -n {service.Namespace} logs deploy/{service.Name}";
            yield return $"{kubectl} -n {service.Namespace} annotate svc {service.Name} tailscale.com/hostname=another-name --overwrite";
        }
        else
        {
            yield return $"{kubectl} get pods,svc -A";
        }

        yield return $"{kubectl} apply -f your-service.yaml";
    }
}
