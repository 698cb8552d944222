using Fairlead.Tailnet.Filtering;

namespace Fairlead.Tailnet.Tests.Filtering;

public sealed class FlowTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_behaves_like_a_dictionary_with_a_queue_of_least_recent_use(int seed)
    {
        const int Capacity = 100;
        var random = new Random(seed);
        var table = new FlowTable(Capacity);
        var model = new Dictionary<FlowKey, long>();
        var order = new List<FlowKey>();
        for (var now = 0L; now < 20_000; now++)
        {
            var key = new FlowKey((UInt128)random.Next(12), (UInt128)random.Next(12), 1, (ushort)random.Next(2), 17);
            switch (random.Next(20))
            {
                case < 10:
                    if (!model.ContainsKey(key) && model.Count == Capacity)
                    {
                        model.Remove(order[0]);
                        order.RemoveAt(0);
                    }

                    model[key] = now + 500;
                    order.Remove(key);
                    order.Add(key);
                    table.Set(key, now + 500);
                    break;
                case < 19:
                    var alive = model.TryGetValue(key, out var expires) && expires > now;
                    if (!alive && model.Remove(key))
                    {
                        order.Remove(key);
                    }

                    Assert.Equal(alive, table.TryGet(key, now, out var found));
                    Assert.True(!alive || found == expires);
                    break;
                default:
                    if (random.Next(50) == 0)
                    {
                        now += 400;
                    }

                    while (order.Count > 0 && model[order[0]] <= now)
                    {
                        model.Remove(order[0]);
                        order.RemoveAt(0);
                    }

                    table.Sweep(now);
                    break;
            }

            Assert.Equal(model.Count, table.Count);
        }
    }
}
