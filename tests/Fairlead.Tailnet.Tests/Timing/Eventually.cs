using System.Diagnostics;

namespace Fairlead.Tailnet.Tests.Timing;

/// <summary>Waits for something that other threads bring about.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(string what, Func<bool> condition, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < (limit ?? TimeSpan.FromSeconds(10)), $"Still not so: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
