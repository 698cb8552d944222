using System.Diagnostics;
using System.Globalization;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>The stream of <see cref="StreamThroughput"/> through another implementation, by a command that whoever measures names.</summary>
internal static class BaselineStream
{
    private const string CommandVariable = "FAIRLEAD_BASELINE_TAILNET";
    private const string SecondsVariable = "BENCH_SECONDS";
    private const string Name = "one TCP stream, node to node of the baseline";

    // Its nodes have to start and find each other first.
    private static readonly TimeSpan Extra = TimeSpan.FromMinutes(1);

    /// <param name="ours">What it is compared with.</param>
    /// <returns>Nothing if no command is named.</returns>
    public static async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(MeasuredFigure ours, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(CommandVariable) is not { Length: > 0 } command)
        {
            return [];
        }

        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        start.Environment[SecondsVariable] = duration.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(duration + Extra);
        try
        {
            var said = await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            var last = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
            return process.ExitCode == 0 && double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate > 0
                ? [new MeasuredFigure(Name, "Gbit/s", rate, "payload"), new MeasuredFigure("… ours in relation to it", "×", ours.Value / rate, "at least 1.2 is aimed at")]
                : [new MeasuredFigure(Name, "Gbit/s", null, $"the command ended with {process.ExitCode}; its last line is no number: '{last}'")];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [new MeasuredFigure(Name, "Gbit/s", null, $"the command took longer than {(duration + Extra).TotalSeconds:0} s")];
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
