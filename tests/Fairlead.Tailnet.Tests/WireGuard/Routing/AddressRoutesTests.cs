using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.WireGuard.Routing;

namespace Fairlead.Tailnet.Tests.WireGuard.Routing;

public sealed class AddressRoutesTests
{
    [Fact]
    public void A_single_address_comes_before_the_networks_it_is_in()
    {
        var routes = new AddressRoutes<string>();
        foreach (var network in (string[])["100.64.0.0/10", "100.64.0.7/32", "::/0", "fd7a::7/128", "::/128"])
        {
            routes.Add(IPNetwork.Parse(network), network);
        }

        Assert.Equal("100.64.0.7/32", Find(routes, "100.64.0.7"));
        Assert.Equal("100.64.0.0/10", Find(routes, "100.64.0.8"));
        Assert.Equal("fd7a::7/128", Find(routes, "fd7a::7"));
        Assert.Equal("::/128", Find(routes, "::"));
        Assert.Equal("::/0", Find(routes, "fd7a::8"));
    }

    [Fact]
    public void An_IPv6_address_that_maps_an_IPv4_address_is_not_that_address()
    {
        var routes = new AddressRoutes<string>();
        routes.Add(IPNetwork.Parse("100.64.0.7/32"), "a");

        Assert.Null(Find(routes, "::ffff:100.64.0.7"));

        routes.Add(IPNetwork.Parse("::ffff:100.64.0.7/128"), "b");

        Assert.Equal("a", Find(routes, "100.64.0.7"));
        Assert.Equal("b", Find(routes, "::ffff:100.64.0.7"));
    }

    [Fact]
    public void After_many_changes_each_address_leads_to_who_had_it_last()
    {
        var random = new Random(7);
        var model = new Dictionary<uint, string>();
        var routes = new AddressRoutes<string>();
        for (var step = 0; step < 20_000; step++)
        {
            // Growing, then shrinking to nothing.
            var host = (uint)random.Next(2000);
            if (random.Next(20_000) > step)
            {
                routes.Add(NetworkOf(host), model[host] = $"{step}");
            }
            else
            {
                routes.Remove(NetworkOf(host), model.GetValueOrDefault(host, "nobody"));
                model.Remove(host);
            }

            var asked = (uint)random.Next(2000);
            Assert.Equal(model.GetValueOrDefault(asked), Find(routes, NetworkOf(asked).BaseAddress.ToString()));
        }

        foreach (var (host, value) in model)
        {
            routes.Remove(NetworkOf(host), "another");
            Assert.Equal(value, Find(routes, NetworkOf(host).BaseAddress.ToString()));
            routes.Remove(NetworkOf(host), value);
            Assert.Null(Find(routes, NetworkOf(host).BaseAddress.ToString()));
        }
    }

    [Fact]
    public async Task An_address_that_stays_is_found_while_others_come_and_go()
    {
        var routes = new AddressRoutes<string>();
        routes.Add(NetworkOf(5000), "stays");
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.Equal("stays", Find(routes, NetworkOf(5000).BaseAddress.ToString()));
            }
        }, TestContext.Current.CancellationToken);
        for (var round = 0; round < 20; round++)
        {
            for (var host = 0u; host < 500; host++)
            {
                routes.Add(NetworkOf(host), "comes");
            }

            for (var host = 0u; host < 500; host++)
            {
                routes.Remove(NetworkOf(host), "comes");
            }
        }

        await done.CancelAsync();
        await reading;
    }

    private static IPNetwork NetworkOf(uint host) => new(new IPAddress([100, 64, (byte)(host >> 8), (byte)host]), 32);

    private static string? Find(AddressRoutes<string> routes, string address)
    {
        var parsed = IPAddress.Parse(address);
        return routes.Find(MappedAddress.From(parsed), parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);
    }
}
