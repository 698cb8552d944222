using System.Diagnostics;
using System.Globalization;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>How long the embedded tailnet takes to be there in a process that does nothing else: of the published program, if one is named.</summary>
internal sealed class EmbeddedStart : IMeasurement
{
    private const int Runs = 7;

    // Where ./fairlead puts it for the scale benchmark too.
    private const string ProgramVariable = "FAIRLEAD_PROGRAM";

    public string Name => "embedded-start";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        const string Figure = "embedded tailnet, from a new process to an address that answers";
        if (Environment.GetEnvironmentVariable(ProgramVariable) is not { Length: > 0 } program)
        {
            return [new MeasuredFigure(Figure, "ms", null, $"{ProgramVariable} names no published program")];
        }

        var directory = Directory.CreateTempSubdirectory("fairlead-bench");
        try
        {
            var times = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                times.Add(await StartAsync(program, directory.FullName, cancellationToken).ConfigureAwait(false));
            }

            times.Sort();
            return [new MeasuredFigure(Figure, "ms", times[Runs / 2], string.Create(CultureInfo.InvariantCulture, $"median of {Runs}, {times[0]:0} to {times[^1]:0}; below 200 is aimed at"))];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<double> StartAsync(string program, string directory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in (string[])["dev", "tailnet", "--credentials", directory, "-o", "json"])
        {
            start.ArgumentList.Add(argument);
        }

        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            // Printed once it listens.
            _ = await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{program} ended before the embedded tailnet was there.");
            return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
