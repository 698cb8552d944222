using System.Diagnostics;
using System.Globalization;
using Fairlead.Bench.Measurements;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Relay;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>
/// Hundreds of nodes in one process, each of which sees all others. The tailnet is in this process and the nodes in another, so that the
/// memory is theirs alone.
/// </summary>
internal sealed class ManyNodes : IMeasurement
{
    private const int Count = 500;

    public string Name => "nodes";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions { Relay = new RelayServerOptions { InsecureForTests = true } }, cancellationToken).ConfigureAwait(false);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["tailnet", NodesProcess.CommandName, tailnet.BaseAddress.ToString(), Count.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[NodesProcess.AuthKeyVariable] = tailnet.Keys.Create([], reusable: true).Secret!;
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        var values = said.Split('\n').Select(line => line.Split('=')).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        if (process.ExitCode != 0 || values.Count == 0)
        {
            return [new MeasuredFigure($"{Count} nodes in one process", "", null, $"the process with the nodes ended with {process.ExitCode}")];
        }

        return
        [
            new MeasuredFigure($"{Count} nodes in one process: until all have joined", "s", values[NodesProcess.Joined], "at most 30"),
            new MeasuredFigure("… resident memory of the process, peak", "MiB", values[NodesProcess.PeakResident], "at most 600"),
            new MeasuredFigure("… resident memory of the process, idle", "MiB", values[NodesProcess.Resident]),
            new MeasuredFigure("… live heap per node", "KiB", values[NodesProcess.Heap], $"at most 1024; each sees {Count - 1} peers"),
            new MeasuredFigure("… timers per node", "", values[NodesProcess.Timers], "at most 2"),
            new MeasuredFigure("… threads", "", values[NodesProcess.Threads]),
            new MeasuredFigure("… file descriptors per node", "", values[NodesProcess.Descriptors], "two UDP sockets, control, relay"),
        ];
    }
}
