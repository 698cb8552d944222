using System.Net;
using Fairlead.Tailnet.Netstack;

namespace Fairlead.Tailnet.Tests.Netstack.Simulation;

/// <summary>
/// Hosts and links in virtual time, all on the calling thread: every run of a test is the same run. Applications are ordinary async code
/// whose awaits end inside the simulation.
/// </summary>
internal sealed class SimulatedWorld
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private long _order;

    public SimulatedWorld(int seed = 1)
    {
        Seed = seed;
        Time = new VirtualTime(this);
        Random = new Random(seed);
    }

    public int Seed { get; }

    public VirtualTime Time { get; }

    public Random Random { get; }

    public NetworkStackOptions Options => new() { TimeProvider = Time, Random = new Random(Seed + (int)_order + 77), Scheduler = _work.Enqueue };

    public void At(long microseconds, Action action) => _events.Enqueue(action, (Math.Max(microseconds, Time.Now), _order++));

    /// <summary>Waits in virtual time.</summary>
    public Task Delay(TimeSpan duration)
    {
        var done = new TaskCompletionSource();
        At(Time.Now + (long)duration.TotalMicroseconds, done.SetResult);
        return done.Task;
    }

    /// <summary>Runs until the task ends.</summary>
    /// <param name="limit">Of virtual time.</param>
    public void Run(Func<Task> application, TimeSpan? limit = null)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var end = Time.Now + (long)(limit ?? TimeSpan.FromMinutes(30)).TotalMicroseconds;
            var task = application();
            while (!task.IsCompleted)
            {
                Assert.True(Step(end), $"Nothing is left to happen after {Time.Now / 1e6:F3} s of virtual time, and the application still waits.");
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Lets things happen for a time, or until nothing is left.</summary>
    public void RunFor(TimeSpan duration)
    {
        var end = Time.Now + (long)duration.TotalMicroseconds;
        while (Step(end))
        {
        }

        Time.Now = end;
    }

    private bool Step(long end)
    {
        if (_work.TryDequeue(out var item))
        {
            item.Execute();
            return true;
        }

        if (!_events.TryPeek(out _, out var next) || next.At > end)
        {
            return false;
        }

        var action = _events.Dequeue();
        Time.Now = next.At;
        action();
        return true;
    }

    /// <summary>Two hosts with a link between them.</summary>
    public SimulatedPair Pair(LinkConditions? there = null, LinkConditions? back = null, Func<NetworkStackOptions, NetworkStackOptions>? configure = null)
    {
        there ??= new LinkConditions();
        return new SimulatedPair(this, there, back ?? there, configure ?? (options => options));
    }

    public static IPEndPoint At(string address, int port) => new(IPAddress.Parse(address), port);
}
