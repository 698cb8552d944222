using System.Runtime.CompilerServices;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>Watches that go on after the cluster's history was compacted, as the tests do to the operator.</summary>
internal static class EndlessWatch
{
    private const int Gone = 410;

    /// <summary>Everything there is and every change, again from the start whenever a watch expires.</summary>
    public static async IAsyncEnumerable<ClusterEvent> Of(
        IClusterApi api, string group, string plural, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var watch = api.WatchAsync(group, plural, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(watch))
            {
                yield return watch.Current;
            }
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ClusterEvent> watch)
    {
        try
        {
            return await watch.MoveNextAsync();
        }
        catch (ApiStatusException e) when (e.Code == Gone)
        {
            return false;
        }
    }
}
