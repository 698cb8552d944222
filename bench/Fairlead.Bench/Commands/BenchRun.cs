using System.Text.Json.Nodes;
using Fairlead.Bench.Clusters;
using Fairlead.Bench.Figures;
using Fairlead.Bench.Memory;
using Fairlead.Bench.Operators;
using Fairlead.Bench.Scale;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Spectre.Console;

namespace Fairlead.Bench.Commands;

/// <summary>Carries out what was asked for, and reports.</summary>
internal sealed class BenchRun(BenchOptions options, IAnsiConsole console)
{
    /// <returns>Whether every target was met.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("fairlead-bench-");
        try
        {
            var figures = new List<Figure>();
            var details = new JsonObject();
            if (options.Scale)
            {
                var ours = await ScaleAsync($"exec '{options.Program}' operator", work.CreateSubdirectory("operator"), cancellationToken).ConfigureAwait(false);
                var baseline = options.Baseline is { } command
                    ? await ScaleAsync(command, work.CreateSubdirectory("baseline"), cancellationToken).ConfigureAwait(false)
                    : null;
                figures.AddRange(OperatorFigures.Of(ours, baseline, options.Count));
                details["requests"] = Json(ours.Requests);
                details["deletionRequests"] = Json(ours.DeletionRequests);
                details["steadyRequests"] = Json(ours.SteadyRequests);
                details["baselineRequests"] = Json(baseline?.Requests);
            }

            if (options.Memory)
            {
                figures.AddRange(await MemoryAsync(work.CreateSubdirectory("memory"), cancellationToken).ConfigureAwait(false));
            }

            var cluster = options.Kubeconfig is null ? "embedded API, in a process of its own" : "the cluster of KUBECONFIG";
            FigureTable.Write(console, $"{Environment.ProcessorCount} processors, shared with the API server: {cluster}", figures);
            var path = FigureReport.Write(options.Results, cluster, figures, details);
            console.MarkupLineInterpolated($"[dim]{path}[/]");
            work.Delete(recursive: true);
            return figures.All(figure => figure.MeetsTarget != false);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException or KubeconfigException or IOException)
        {
            throw new BenchmarkException($"{e.Message} (logs: {work.FullName})", e);
        }
        catch (BenchmarkException e)
        {
            throw new BenchmarkException($"{e.Message} (logs: {work.FullName})", e);
        }
    }

    private async Task<ScaleResult> ScaleAsync(string command, DirectoryInfo directory, CancellationToken cancellationToken)
    {
        console.MarkupLineInterpolated($"[dim]operator: {command}[/]");
        var cluster = options.Kubeconfig is { } kubeconfig
            ? BenchCluster.Given(kubeconfig, options.AuditLog)
            : await BenchCluster.StartEmbeddedAsync(options.Program, directory.FullName, cancellationToken).ConfigureAwait(false);
        await using (cluster.ConfigureAwait(false))
        {
            return await new ScaleScenario(options, console).RunAsync(command, cluster, directory.FullName, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Always on an embedded cluster: what a cache takes depends on the objects, not on the server.</summary>
    private async Task<IEnumerable<Figure>> MemoryAsync(DirectoryInfo directory, CancellationToken cancellationToken)
    {
        var cluster = await BenchCluster.StartEmbeddedAsync(options.Program, directory.FullName, cancellationToken).ConfigureAwait(false);
        await using (cluster.ConfigureAwait(false))
        {
            var footprint = new CacheFootprint(cluster.Client, options.Objects);
            console.MarkupLineInterpolated($"[dim]creating {options.Objects} Services and {options.Objects} Secrets[/]");
            await footprint.PrepareAsync(cancellationToken).ConfigureAwait(false);
            console.MarkupLine("[dim]measuring caches[/]");
            return OperatorFigures.OfCaches(
                await footprint.BytesPerServiceAsync(cancellationToken).ConfigureAwait(false),
                await footprint.BytesPerSecretAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    private static JsonObject? Json(RequestTally? tally) =>
        tally is null ? null : new JsonObject(tally.Counts.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
}
