using Fairlead.Proxy.State;
using Fairlead.Testing;

namespace Fairlead.Proxy.Tests.State;

public sealed class OutageRetryTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly OutageRetry _retry;
    private int _looks;

    public OutageRetryTests() => _retry = new OutageRetry(() => _looks++, _time, new Random(1));

    public void Dispose() => _retry.Dispose();

    [Fact]
    public void However_many_failures_there_are_one_look_is_due()
    {
        var wait = _retry.Failed();
        Assert.Null(_retry.Failed());
        Assert.Null(_retry.Failed());

        _time.Advance(wait!.Value);
        Assert.Equal(1, _looks);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, _looks);
    }

    [Fact]
    public void Looks_get_rarer_up_to_a_minute_until_one_succeeds()
    {
        var waits = Enumerable.Range(0, 10).Select(_ => NextWait()).ToList();

        Assert.All(waits.Zip([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]), pair => Assert.InRange(pair.First.TotalSeconds, pair.Second / 2.0, pair.Second));
        Assert.Equal(waits.Count, waits.Distinct().Count());
        _retry.Succeeded();
        Assert.InRange(NextWait().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void A_success_takes_back_the_look_that_is_due()
    {
        _retry.Failed();
        _retry.Succeeded();

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, _looks);
    }

    private TimeSpan NextWait()
    {
        var wait = _retry.Failed()!.Value;
        _time.Advance(wait);
        return wait;
    }
}
