using Fairlead.Tailnet.WireGuard.Sessions;

namespace Fairlead.Tailnet.Tests.WireGuard.Sessions;

public sealed class ReplayWindowTests
{
    private const ulong Size = 8192;

    private readonly ReplayWindow _window = new();

    [Fact]
    public void A_counter_is_taken_once()
    {
        Assert.True(_window.TryAdd(0));
        Assert.False(_window.TryAdd(0));
        Assert.True(_window.TryAdd(5));
        Assert.True(_window.TryAdd(4));
        Assert.False(_window.TryAdd(5));
        Assert.False(_window.TryAdd(4));
    }

    [Theory]
    [InlineData(Size)]
    [InlineData(Size + 63)]
    [InlineData(100_003)]
    [InlineData(ulong.MaxValue - 8193)]
    public void The_window_reaches_to_its_edge_and_no_further(ulong newest)
    {
        Assert.True(_window.TryAdd(newest));

        Assert.False(_window.TryAdd(newest - Size));
        Assert.True(_window.TryAdd(newest - Size + 1));
        Assert.False(_window.TryAdd(newest - Size + 1));
        Assert.True(_window.TryAdd(newest - 1));
    }

    [Fact]
    public void It_agrees_with_a_set_of_all_that_was_seen()
    {
        var random = new Random(3);
        var seen = new HashSet<ulong>();
        ulong newest = 0;
        for (var step = 0; step < 200_000; step++)
        {
            var ahead = random.Next(50) switch
            {
                0 => random.Next(20_000),
                1 => -random.Next(10_000),
                _ => random.Next(-200, 5),
            };
            var counter = (ulong)Math.Max(0, (long)newest + ahead);
            var expected = newest - Math.Min(counter, newest) < Size && seen.Add(counter);

            Assert.Equal(expected, _window.TryAdd(counter));
            newest = Math.Max(newest, counter);
        }
    }
}
