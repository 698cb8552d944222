using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class SentQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_oldest_in_flight_and_the_next_not_reported_are_those_that_a_search_of_all_finds(int seed)
    {
        var random = new Random(seed);
        var queue = default(SentQueue);
        var next = uint.MaxValue - 10_000; // wraps
        var now = 1L;
        for (var step = 0; step < 20_000; step++)
        {
            now += random.Next(3) == 0 ? 1 : 0;
            var index = queue.Count == 0 ? -1 : random.Next(queue.Count);
            switch (random.Next(index < 0 ? 2 : step / 1000 % 2 == 0 ? 8 : 13))
            {
                case 0 or 1:
                    queue.Add(next, next + 10, now);
                    next += 10;
                    break;
                case 2 when !queue[index].Sacked:
                    queue.Repeat(index, now);
                    break;
                case 3 or 4 or 5:
                    queue.MarkSacked(index);
                    break;
                case 6 when !queue[index].Sacked:
                    queue.MarkLost(index);
                    break;
                case 7 when random.Next(20) == 0:
                    queue.RestoreLost();
                    break;
                case 7 when random.Next(20) == 0:
                    queue.ForgetSacked();
                    break;
                case 7 when !queue[index].Sacked && queue[index].Length > 1:
                    queue.Split(index, queue[index].Start + (queue[index].Length / 2));
                    break;
                case > 7:
                    queue.RemoveFirst();
                    break;
            }

            Check(ref queue, random);
        }
    }

    private static void Check(ref SentQueue queue, Random random)
    {
        var oldest = -1;
        for (var i = 0; i < queue.Count; i++)
        {
            if (queue[i].InFlight && (oldest < 0 || queue[oldest].WasSentAfter(queue[i])))
            {
                oldest = i;
            }
        }

        Assert.Equal(oldest, queue.OldestInFlight);
        var from = random.Next(queue.Count + 1);
        var expected = from;
        while (expected < queue.Count && queue[expected].Sacked)
        {
            expected++;
        }

        Assert.Equal(expected, queue.NextNotSacked(from));
    }
}
