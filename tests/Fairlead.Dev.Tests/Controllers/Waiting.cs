using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Tests.Controllers;

/// <summary>Waits for states of the cluster.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the objects of a type satisfy the condition, and yields them.</summary>
    public static async Task<IReadOnlyList<JsonObject>> UntilAsync(
        this IClusterApi api, string group, string plural, string? ns, string what, Func<IReadOnlyList<JsonObject>, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var look = new PeriodicTimer(Interval);
        try
        {
            do
            {
                var objects = api.List(group, plural, ns);
                if (condition(objects))
                    return objects;
            }
            while (await look.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            // Reported below with what there is.
        }

        throw new TimeoutException($"{what}: {string.Join('\n', api.List(group, plural, ns).Select(o => o.ToJsonString()))}");
    }
}
