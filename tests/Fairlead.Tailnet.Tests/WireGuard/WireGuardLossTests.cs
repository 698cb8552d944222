namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>Networks that lose, repeat and overtake.</summary>
public sealed class WireGuardLossTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void On_a_bad_network_most_arrives_nothing_twice_and_nothing_else(int seed)
    {
        var network = new VirtualNetwork();
        var (a, b) = network.AddPair();
        var random = new Random(seed);
        var late = new List<VirtualNetwork.Datagram>();
        network.Fate = datagram =>
        {
            switch (random.Next(10))
            {
                case 0 or 1:
                    return [];
                case 2:
                    return [datagram, datagram];
                case 3:
                    late.Add(datagram);
                    return [];
                default:
                    var arriving = late.Append(datagram).ToList();
                    late.Clear();
                    return arriving;
            }
        };
        var toB = new HashSet<string>();
        var toA = new HashSet<string>();
        for (var second = 0; second < 600; second++)
        {
            toB.Add(Convert.ToHexString(a.Send(b)));
            toA.Add(Convert.ToHexString(b.Send(a)));
            network.Pass(TimeSpan.FromSeconds(1));
        }

        AssertSubset(b.Received, toB);
        AssertSubset(a.Received, toA);
        network.Fate = datagram => [datagram];
        network.Pass(TimeSpan.FromSeconds(20));
        var last = a.Send(b);
        network.Deliver();
        Assert.Equal(last, b.Received[^1]);
    }

    private static void AssertSubset(List<byte[]> received, HashSet<string> sent)
    {
        var texts = received.Select(Convert.ToHexString).ToList();
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.All(texts, text => Assert.Contains(text, sent));
        Assert.InRange(texts.Count, 450, 600);
    }
}
