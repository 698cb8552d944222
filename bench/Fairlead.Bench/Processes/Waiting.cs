using System.Diagnostics;
using Fairlead.Bench.Commands;

namespace Fairlead.Bench.Processes;

/// <summary>Waits for what another process brings about.</summary>
internal static class Waiting
{
    /// <returns>How long it took.</returns>
    /// <exception cref="BenchmarkException">It took longer than the limit, or the process ended.</exception>
    public static async Task<TimeSpan> ForAsync(
        string what, ProcessGroup process, TimeSpan interval, TimeSpan limit, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition().ConfigureAwait(false))
        {
            process.RequireAlive();
            if (Stopwatch.GetElapsedTime(begun) > limit)
            {
                throw new BenchmarkException($"{what}: not within {limit}; the operator's log may say why");
            }

            await Task.Delay(interval, cancellationToken).ConfigureAwait(false);
        }

        return Stopwatch.GetElapsedTime(begun);
    }
}
