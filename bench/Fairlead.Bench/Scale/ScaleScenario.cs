using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fairlead.Bench.Clusters;
using Fairlead.Bench.Commands;
using Fairlead.Bench.Operators;
using Fairlead.Bench.Processes;
using Fairlead.Dev.Tailnet;
using Spectre.Console;

namespace Fairlead.Bench.Scale;

/// <summary>Many Services at once: start, idle, creation of all, quiet, deletion of all.</summary>
internal sealed class ScaleScenario(BenchOptions options, IAnsiConsole console)
{
    /// <summary>Writes after the last visible one, and garbage of the start, have this long to come.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    // The start is measured in hundredths of a second.
    private static readonly TimeSpan StartPoll = TimeSpan.FromMilliseconds(20);

    /// <param name="command">The operator's command line.</param>
    /// <param name="directory">For files of the run.</param>
    public async Task<ScaleResult> RunAsync(string command, BenchCluster cluster, string directory, CancellationToken cancellationToken)
    {
        await Installation.PrepareAsync(cluster.Client, cancellationToken).ConfigureAwait(false);
        var port = FreePort();
        var tailnet = await EmbeddedTailnet.StartAsync(ct: cancellationToken).ConfigureAwait(false);
        await using (tailnet.ConfigureAwait(false))
        {
            using var metrics = new MetricsRequests(port);
            IRequestSource requests = cluster.AuditLog is { } audit ? new AuditLogRequests(audit) : metrics;
            var canary = new Canary(cluster.Client);
            await canary.CreateAsync(cancellationToken).ConfigureAwait(false);
            var op = OperatorUnderTest.Start(command, cluster, tailnet, directory, port);
            await using (op.ConfigureAwait(false))
            {
                return await MeasureAsync(cluster, tailnet, op, canary, requests, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ScaleResult> MeasureAsync(
        BenchCluster cluster, EmbeddedTailnet tailnet, ProcessGroup op, Canary canary, IRequestSource requests, CancellationToken ct)
    {
        var load = new ServiceLoad(cluster.Client, options.Count);
        Say("waiting for the operator's first reconcile");
        var start = await UntilAsync("first reconcile", op, StartPoll, () => canary.IsReconciledAsync(ct), ct).ConfigureAwait(false);
        await canary.DeleteAsync(ct).ConfigureAwait(false);
        await Task.Delay(Settling, ct).ConfigureAwait(false);

        var idle = op.Sample();
        var before = await requests.ReadAsync(ct).ConfigureAwait(false);
        tailnet.Calls.Take();
        Say($"creating {options.Count} Services");
        var begun = Stopwatch.GetTimestamp();
        var creating = load.CreateAsync(ct);
        await UntilAsync("all StatefulSets", op, Poll, () => load.HaveStatefulSetsAsync(ct), ct).ConfigureAwait(false);
        var wall = Stopwatch.GetElapsedTime(begun);
        var made = op.Sample();
        await creating.ConfigureAwait(false);
        await UntilAsync("all Services' conditions", op, Poll, () => load.AreReportedAsync(ct), ct).ConfigureAwait(false);
        var reported = Stopwatch.GetElapsedTime(begun);
        await Task.Delay(Settling, ct).ConfigureAwait(false);
        var settled = op.Sample();
        var afterLoad = await requests.ReadAsync(ct).ConfigureAwait(false);
        var keys = tailnet.Calls.Take().Count(call => call is { Method: "POST", Status: 200 } && call.Path.EndsWith("/keys", StringComparison.Ordinal));

        Say($"watching for {options.Steady.TotalSeconds:0} s while nothing changes");
        await Task.Delay(options.Steady, ct).ConfigureAwait(false);
        var steady = op.Sample();
        var afterSteady = await requests.ReadAsync(ct).ConfigureAwait(false);

        Say("deleting all Services");
        begun = Stopwatch.GetTimestamp();
        var deleting = load.DeleteAsync(ct);
        await UntilAsync("all Services gone", op, Poll, async () => deleting.IsCompleted && await load.AreGoneAsync(ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        await deleting.ConfigureAwait(false);
        var deletion = Stopwatch.GetElapsedTime(begun);
        var gone = op.Sample();
        return new ScaleResult
        {
            Start = start,
            Idle = idle,
            Wall = wall,
            WallReported = reported,
            Cpu = made.Cpu - idle.Cpu,
            CpuSettled = settled.Cpu - idle.Cpu,
            Settled = settled,
            Requests = Between(before, afterLoad),
            KeysIssued = keys,
            SteadyTime = options.Steady,
            SteadyRequests = Between(afterLoad, afterSteady),
            SteadyCpu = steady.Cpu - settled.Cpu,
            Deletion = deletion,
            DeletionCpu = gone.Cpu - steady.Cpu,
            DeletionRequests = Between(afterSteady, await requests.ReadAsync(ct).ConfigureAwait(false)),
        };
    }

    private Task<TimeSpan> UntilAsync(string what, ProcessGroup op, TimeSpan interval, Func<Task<bool>> condition, CancellationToken cancellationToken) =>
        Waiting.ForAsync(what, op, interval, options.Limit, condition, cancellationToken);

    private static RequestTally? Between(RequestTally? before, RequestTally? after) => before is null ? null : after?.Since(before);

    private void Say(string what) => console.MarkupLineInterpolated($"[dim]{what}[/]");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
