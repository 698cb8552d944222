using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.WireGuard.Routing;

namespace Fairlead.Tailnet.Tests.WireGuard.Routing;

public sealed class RoutingTableTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.0/24")]
    [InlineData("10.1.3.3", "10.1.0.0/16")]
    [InlineData("10.2.3.3", "0.0.0.0/0")]
    [InlineData("10.1.2.255", "10.1.2.255/32")]
    [InlineData("fd00::1", "fd00::/8")]
    [InlineData("fd00:1::1", "fd00:1::/32")]
    [InlineData("2001:db8::1", null)]
    public void The_longest_prefix_of_the_family_decides(string address, string? expected)
    {
        string[] networks = ["10.1.0.0/16", "0.0.0.0/0", "10.1.2.255/32", "fd00::/8", "10.1.2.0/24", "fd00:1::/32"];
        var table = networks.Aggregate(RoutingTable<string>.Empty, (table, network) => table.Add(IPNetwork.Parse(network), network));

        Assert.Equal(expected, Find(table, IPAddress.Parse(address)));
    }

    [Fact]
    public void A_network_goes_to_who_was_last_given_it_and_is_not_taken_by_who_lost_it()
    {
        var network = IPNetwork.Parse("10.0.0.0/8");
        var table = RoutingTable<string>.Empty.Add(network, "a").Add(network, "b");

        table = table.Remove(network, "a");

        Assert.Equal("b", Find(table, IPAddress.Parse("10.1.1.1")));
        Assert.Null(Find(table.Remove(network, "b"), IPAddress.Parse("10.1.1.1")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_many_changes_it_finds_what_a_search_through_all_finds(bool ipv6)
    {
        var random = new Random(42);
        var model = new Dictionary<IPNetwork, string>();
        var table = RoutingTable<string>.Empty;
        for (var step = 0; step < 3000; step++)
        {
            var network = RandomNetwork(random, ipv6);
            if (random.Next(3) > 0)
            {
                model[network] = $"{step}";
                table = table.Add(network, model[network]);
            }
            else
            {
                var removed = model.Count > 0 && random.Next(2) == 0 ? model.ElementAt(random.Next(model.Count)).Key : network;
                table = table.Remove(removed, model.GetValueOrDefault(removed, "none"));
                model.Remove(removed);
            }

            var address = RandomNetwork(random, ipv6).BaseAddress;
            var expected = model.Where(entry => entry.Key.Contains(address)).OrderByDescending(entry => entry.Key.PrefixLength).Select(entry => entry.Value).FirstOrDefault();
            Assert.Equal(expected, Find(table, address));
        }

        foreach (var (network, value) in model)
        {
            table = table.Remove(network, value);
        }

        Assert.Null(Find(table, RandomNetwork(random, ipv6).BaseAddress));
    }

    private static string? Find(RoutingTable<string> table, IPAddress address) =>
        table.Find(MappedAddress.From(address), address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);

    /// <summary>Few bits differ, so that prefixes contain each other often.</summary>
    private static IPNetwork RandomNetwork(Random random, bool ipv6)
    {
        var bytes = new byte[ipv6 ? 16 : 4];
        bytes[0] = 10;
        bytes[1] = (byte)random.Next(4);
        bytes[^1] = (byte)random.Next(16);
        var length = random.Next((bytes.Length * 8) + 1);
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }
}
