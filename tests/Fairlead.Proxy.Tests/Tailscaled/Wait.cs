using System.Diagnostics;
using Fairlead.Proxy.Devices;

namespace Fairlead.Proxy.Tests.Tailscaled;

/// <summary>Waits for named conditions, so that a test that fails says what never came.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <param name="device">Ends the wait if it completes with an error.</param>
    public static async Task UntilAsync(string what, Func<bool> condition, IProxyDevice? device = null)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Limit, $"Waited {Limit.TotalSeconds} s in vain until {what}.");
            if (device is { Completion.IsFaulted: true })
            {
                await device.Completion;
            }

            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The first snapshot that is as wanted.</summary>
    public static async Task<DeviceSnapshot> ForAsync(IProxyDevice device, string what, Func<DeviceSnapshot, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var last = DeviceSnapshot.Empty;
        try
        {
            await foreach (var snapshot in device.WatchAsync(limit.Token))
            {
                last = snapshot;
                if (condition(snapshot))
                {
                    return snapshot;
                }
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            // Told below.
        }

        throw new InvalidOperationException($"There was no snapshot of {what}; the last was {last.State} {last.Problem}.");
    }

    public static Task<DeviceSnapshot> ForAsync(IProxyDevice device, DeviceState state) => ForAsync(device, $"{state}", snapshot => snapshot.State == state);
}
