namespace Fairlead.Tailnet.Dialing;

/// <summary>Tries several ways to the same thing, each a while after the one before or as soon as that one has failed.</summary>
internal static class StaggeredRace
{
    /// <returns>What the first way that worked came to; what others come to later is disposed of.</returns>
    /// <exception cref="AggregateException">No way worked: why, in the order of the ways.</exception>
    public static async Task<T> RunAsync<T>(
        IReadOnlyList<Func<CancellationToken, Task<T>>> ways, TimeSpan stagger, TimeProvider time, CancellationToken cancellationToken)
        where T : IAsyncDisposable
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<T>>(ways.Count);
        try
        {
            foreach (var way in ways)
            {
                running.Add(way(losers.Token));
                if (await FirstSuccessAsync(running, running.Count < ways.Count ? stagger : Timeout.InfiniteTimeSpan, time, losers.Token).ConfigureAwait(false) is { } winner)
                {
                    running.Remove(winner);
                    return await winner.ConfigureAwait(false);
                }

                cancellationToken.ThrowIfCancellationRequested();
            }

            throw new AggregateException(running.Select(way => way.Exception?.InnerException ?? new TimeoutException("The attempt was cancelled.")));
        }
        finally
        {
            await losers.CancelAsync().ConfigureAwait(false);
            foreach (var loser in running)
            {
                _ = DisposeOfAsync(loser);
            }
        }
    }

    // Null when the time is over, when the latest has failed and there is a next, or when all have failed.
    private static async Task<Task<T>?> FirstSuccessAsync<T>(List<Task<T>> ways, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var pending = ways.Where(way => !way.IsCompleted || way.IsCompletedSuccessfully).ToList();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = Task.Delay(limit, time, timer.Token);
        try
        {
            while (pending.Count > 0)
            {
                var done = await Task.WhenAny([.. pending, over]).ConfigureAwait(false);
                if (done == over)
                {
                    return null;
                }

                if (done.IsCompletedSuccessfully)
                {
                    return (Task<T>)done;
                }

                pending.Remove((Task<T>)done);
                if (done == ways[^1] && limit != Timeout.InfiniteTimeSpan)
                {
                    return null;
                }
            }

            return null;
        }
        finally
        {
            await timer.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task DisposeOfAsync<T>(Task<T> loser)
        where T : IAsyncDisposable
    {
        try
        {
            var late = await loser.ConfigureAwait(false);
            await late.DisposeAsync().ConfigureAwait(false);
        }
        // Nobody waits for a loser, and its failure was reported if it mattered.
#pragma warning disable CA1031
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
