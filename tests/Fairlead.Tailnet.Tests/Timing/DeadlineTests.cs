using Fairlead.Tailnet.Timing;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Timing;

public sealed class DeadlineTests
{
    private readonly ManualTime _time = new();
    private readonly List<int> _ran = [];

    [Fact]
    public void Deadlines_run_in_the_order_they_are_due_whatever_the_order_they_are_set()
    {
        var order = Enumerable.Range(0, 200).ToArray();
        new Random(7).Shuffle(order);
        foreach (var i in order)
            Make(i).Set(TimeSpan.FromMilliseconds(10 * (i + 1)));

        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(Enumerable.Range(0, 200), _ran);
    }

    [Fact]
    public void Many_deadlines_share_one_timer_and_none_runs_when_none_is_set()
    {
        var deadlines = Enumerable.Range(0, 100).Select(Make).ToArray();
        Array.ForEach(deadlines, deadline => deadline.Set(TimeSpan.FromSeconds(1)));
        Assert.Equal(1, _time.ArmedTimers);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(100, _ran.Count);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void A_deadline_that_was_cleared_or_moved_does_not_run_at_its_old_time()
    {
        var cleared = Make(1);
        var moved = Make(2);
        var kept = Make(3);
        cleared.Set(TimeSpan.FromSeconds(1));
        moved.Set(TimeSpan.FromSeconds(1));
        kept.Set(TimeSpan.FromSeconds(2));
        cleared.Clear();
        moved.Set(TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([3], _ran);

        moved.Set(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal([3, 2], _ran);
    }

    [Fact]
    public void A_deadline_may_set_itself_again()
    {
        Deadline? again = null;
        var left = 5;
        again = new Deadline(_time, () =>
        {
            _ran.Add(left);
            if (--left > 0)
                again!.Set(TimeSpan.FromSeconds(1));
        });
        again.Set(TimeSpan.FromSeconds(1));

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([5, 4, 3, 2, 1], _ran);
    }

    private Deadline Make(int number) => new(_time, () => _ran.Add(number));
}
