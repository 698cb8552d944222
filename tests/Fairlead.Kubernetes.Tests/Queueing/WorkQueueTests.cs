using Fairlead.Kubernetes.Queueing;
using Fairlead.Testing;

namespace Fairlead.Kubernetes.Tests.Queueing;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>("test", WorkQueueOptions.Default, _time, new FixedRandom());

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task A_key_added_twice_is_handed_out_once()
    {
        _queue.Add("a");
        _queue.Add("a");

        Assert.Equal("a", await TakeAsync());
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task A_key_added_while_it_runs_runs_once_more_afterwards()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("a");
        Assert.Equal(0, _queue.Depth);

        _queue.Done("a");

        Assert.Equal("a", await TakeAsync());
        _queue.Done("a");
        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task A_waiting_worker_gets_a_key_as_soon_as_it_is_added()
    {
        var waiting = TakeAsync();
        Assert.False(waiting.IsCompleted);

        _queue.Add("a");

        Assert.Equal("a", await waiting);
    }

    [Fact]
    public void Failures_double_the_delay_up_to_the_cap_and_success_resets_it()
    {
        using var queue = new WorkQueue<string>("test", new() { MaxDelay = TimeSpan.FromMilliseconds(30) }, _time, new FixedRandom());

        Assert.Equal([5, 10, 20, 30, 30], Enumerable.Range(0, 5).Select(_ => queue.Retry("a").TotalMilliseconds));
        queue.Forget("a");
        Assert.Equal(5, queue.Retry("a").TotalMilliseconds);
    }

    [Fact]
    public void Jitter_lengthens_a_delay_by_at_most_its_share()
    {
        using var queue = new WorkQueue<string>("test", new() { Jitter = 0.5 }, _time, new FixedRandom(0.999));

        Assert.InRange(queue.Retry("a").TotalMilliseconds, 7.4, 7.5);
    }

    [Fact]
    public async Task News_of_a_key_that_just_failed_ends_its_back_off_after_a_moment_and_not_at_once()
    {
        using var queue = new WorkQueue<string>("test", new() { BaseDelay = TimeSpan.FromSeconds(10), MaxDelay = TimeSpan.FromSeconds(10) }, _time, new FixedRandom());
        queue.Add("a");
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        queue.Add("a");
        queue.Retry("a");
        queue.Done("a");

        queue.Add("a");
        Assert.Equal((0, 1), (queue.Depth, queue.DelayedCount));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (queue.Depth, queue.DelayedCount));
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(3600, 60)]
    public async Task News_does_not_end_the_time_a_server_asked_for_unless_it_is_very_long(int asked, int held)
    {
        using var queue = new WorkQueue<string>("test", null, _time, new FixedRandom());
        queue.Add("a");
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        queue.Add("a");
        queue.Retry("a", TimeSpan.FromSeconds(asked));
        queue.Done("a");

        _time.Advance(TimeSpan.FromSeconds(held - 1));
        queue.Add("a");
        Assert.Equal(0, queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public async Task News_ends_a_back_off_that_has_lasted_for_a_moment()
    {
        using var queue = new WorkQueue<string>("test", new() { BaseDelay = TimeSpan.FromSeconds(10), MaxDelay = TimeSpan.FromSeconds(10) }, _time, new FixedRandom());
        queue.Add("a");
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        queue.Retry("a");
        queue.Done("a");
        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(0, queue.Depth);

        queue.Add("a");

        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public void A_server_that_asks_for_more_time_than_the_back_off_gets_it()
    {
        Assert.Equal(TimeSpan.FromSeconds(9), _queue.Retry("a", TimeSpan.FromSeconds(9)));

        _time.Advance(TimeSpan.FromSeconds(8.9));
        Assert.Equal(0, _queue.Depth);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, _queue.Depth);
    }

    [Fact]
    public void A_delayed_key_is_due_at_the_earliest_time_asked_for()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(3));
        _queue.AddAfter("a", TimeSpan.FromSeconds(20));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(1, _queue.Depth);
        Assert.Equal(0, _queue.DelayedCount);
    }

    [Fact]
    public async Task Adding_a_delayed_key_makes_it_due_now_and_once_only()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.Add("a");
        Assert.Equal("a", await TakeAsync());
        _queue.Done("a");

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, _queue.Depth);
    }

    [Fact]
    public async Task A_delay_that_ends_while_the_key_runs_lets_it_run_once_more()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _queue.Depth);
        _queue.Done("a");

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task Higher_priorities_go_first_and_equal_ones_in_order_of_arrival()
    {
        _queue.Add("initial", WorkPriority.Initial);
        _queue.Add("first");
        _queue.Add("second");
        _queue.Add("urgent", WorkPriority.Urgent);

        Assert.Equal(["urgent", "first", "second", "initial"], await TakeAllAsync(4));
    }

    [Fact]
    public async Task Adding_a_queued_key_again_with_a_higher_priority_moves_it_up()
    {
        _queue.Add("a", WorkPriority.Initial);
        _queue.Add("b");
        _queue.Add("a", WorkPriority.Urgent);
        _queue.Add("a", WorkPriority.Initial);

        Assert.Equal(["a", "b"], await TakeAllAsync(2));
    }

    [Fact]
    public async Task A_steady_stream_of_urgent_work_does_not_starve_the_initial_list()
    {
        _queue.Add("initial", WorkPriority.Initial);
        var served = new List<(string Key, TimeSpan At)>();

        // One urgent key every 10 ms, and time to work on just one key in that interval: without ageing the initial key
        // would wait for ever. 200 points of priority at 50 ms each bound its wait to 10 s.
        for (var i = 0; i < 1_100; i++)
        {
            _queue.Add($"urgent-{i}", WorkPriority.Urgent);
            _time.Advance(TimeSpan.FromMilliseconds(10));
            var key = await TakeAsync();
            _queue.Done(key);
            served.Add((key, TimeSpan.FromMilliseconds(10 * (i + 1))));
        }

        var initial = Assert.Single(served, one => one.Key == "initial");
        Assert.InRange(initial.At, TimeSpan.FromSeconds(9.9), TimeSpan.FromSeconds(10.1));
    }

    [Fact]
    public async Task The_order_is_that_of_priority_plus_age_for_any_mix_of_keys()
    {
        var random = new Random(4711);
        var expected = new List<(string Key, double Rank, int Sequence)>();
        var now = 0.0;
        for (var i = 0; i < 2_000; i++)
        {
            var step = random.Next(0, 20);
            _time.Advance(TimeSpan.FromMilliseconds(step));
            now += step;
            var priority = random.Next(-100, 101);
            _queue.Add($"key-{i}", priority);
            expected.Add(($"key-{i}", now - (priority * 50), i));
        }

        var order = expected.OrderBy(one => one.Rank).ThenBy(one => one.Sequence).Select(one => one.Key);
        Assert.Equal(order, await TakeAllAsync(2_000));
    }

    [Fact]
    public async Task Many_workers_and_producers_never_run_a_key_twice_at_a_time_and_lose_none()
    {
        using var queue = new WorkQueue<int>("test");
        var running = new int[50];
        var lastSeen = new int[50];
        var produced = new int[50];
        var overlaps = 0;
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync(Cancelled) is { } item)
            {
                Interlocked.Add(ref overlaps, Interlocked.Increment(ref running[item.Key]) - 1);
                Volatile.Write(ref lastSeen[item.Key], Volatile.Read(ref produced[item.Key]));
                await Task.Yield();
                Interlocked.Decrement(ref running[item.Key]);
                queue.Done(item.Key);
            }
        })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 5_000; i++)
            {
                var key = random.Next(50);
                Interlocked.Increment(ref produced[key]);
                queue.Add(key, random.Next(-100, 100));
            }
        })));
        await queue.DrainAsync(Cancelled);
        await Task.WhenAll(workers);

        Assert.Equal(0, overlaps);
        Assert.Equal(produced, lastSeen);
    }

    [Fact]
    public async Task Shutting_down_sends_workers_home_and_hands_out_nothing_more()
    {
        var waiting = _queue.TakeAsync(Cancelled).AsTask();
        _queue.ShutDown();
        _queue.Add("late");

        Assert.Null(await waiting);
        Assert.Null(await _queue.TakeAsync(Cancelled));
    }

    [Fact]
    public async Task Draining_completes_when_queued_work_is_done_and_drops_what_is_delayed()
    {
        _queue.Add("a");
        _queue.AddAfter("later", TimeSpan.FromSeconds(1));
        var drained = _queue.DrainAsync(Cancelled);

        var key = await TakeAsync();
        Assert.False(drained.IsCompleted);
        _queue.Add("refused");
        _queue.Done(key);

        await drained;
        Assert.Null(await _queue.TakeAsync(Cancelled));
    }

    [Fact]
    public async Task A_cancelled_worker_takes_no_key_with_it()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _queue.TakeAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _queue.Add("a");

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public async Task The_time_a_key_waited_and_the_longest_run_are_known()
    {
        _queue.Add("a");
        _time.Advance(TimeSpan.FromSeconds(2));
        var item = await _queue.TakeAsync(Cancelled);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(2), item!.Value.Waited);
        Assert.Equal(TimeSpan.FromSeconds(3), _queue.LongestRun);
    }

    [Fact]
    public void Finishing_a_key_that_was_not_taken_is_an_error_that_names_it()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _queue.Done("a"));

        Assert.Contains("a was marked as done in queue test", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> TakeAsync() => (await _queue.TakeAsync(Cancelled))!.Value.Key;

    private async Task<List<string>> TakeAllAsync(int count)
    {
        var keys = new List<string>();
        for (var i = 0; i < count; i++)
        {
            keys.Add(await TakeAsync());
        }

        return keys;
    }
}
