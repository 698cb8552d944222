using System.Diagnostics;

namespace Fairlead.Tailnet.Tests;

/// <summary>Waits for named conditions, so that a test that fails says what never came.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static Task UntilAsync(string what, Func<bool> condition) => UntilAsync(what, () => Task.FromResult(condition()));

    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Limit, $"Waited {Limit.TotalSeconds} s in vain until {what}.");
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }
}
