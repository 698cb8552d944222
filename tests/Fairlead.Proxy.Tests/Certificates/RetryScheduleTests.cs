using Fairlead.Proxy.Certificates;

namespace Fairlead.Proxy.Tests.Certificates;

public sealed class RetryScheduleTests
{
    private readonly RetrySchedule _schedule = new();

    [Fact]
    public void Failed_orders_are_repeated_ever_more_rarely_until_one_succeeds()
    {
        Assert.Equal([1, 10, 100, 1440, 1440], Enumerable.Range(0, 5).Select(_ => _schedule.Failed(Failure()).TotalMinutes));

        Assert.Equal(1440, _schedule.Succeeded().TotalMinutes);
        Assert.Equal(1, _schedule.Failed(Failure()).TotalMinutes);
    }

    [Fact]
    public void Trouble_on_the_way_is_no_failed_order()
    {
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => _schedule.Failed(Failure(isTransient: true)).TotalMinutes));
        Assert.Equal(1, _schedule.Failed(Failure()).TotalMinutes);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(45, 45)]
    [InlineData(4000, 4000)]
    public void The_authority_says_when_to_come_back(int wished, int expected) =>
        Assert.Equal(expected, _schedule.Failed(Failure(retryAfter: TimeSpan.FromMinutes(wished))).TotalMinutes);

    private static CertificateUnavailableException Failure(TimeSpan? retryAfter = null, bool isTransient = false) =>
        new("refused", new IOException()) { RetryAfter = retryAfter, IsTransient = isTransient };
}
