using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Coordination;
using Fairlead.Testing;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>A tailnet whose clock stands still until a test lets it go on.</summary>
public abstract class ManualTimeTest : CoordinationTest
{
    internal ManualTime Time { get; } = new();

    protected override EmbeddedTailnetOptions Options => new()
    {
        Time = Time,
        Random = new Random(1),
        Coordination = new CoordinationOptions
        {
            DeltaWindow = TimeSpan.Zero,
            OfflineGrace = TimeSpan.FromSeconds(5),
            EphemeralGrace = TimeSpan.FromSeconds(30),
        },
    };

    /// <summary>Waits, with a limit, for what another thread brings about.</summary>
    protected static async Task UntilAsync(string what, Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            Assert.Fail($"Waited in vain for: {what}");
        }
    }
}
