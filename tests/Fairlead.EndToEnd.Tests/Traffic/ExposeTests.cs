using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Who reaches an exposed Service, and how.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ExposeTests(TrafficFixture fixture)
{
    private static readonly (string, string) Exposed = ("tailscale.com/expose", "true");

    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exposed_Service_answers_the_laptop_by_its_names_and_by_both_of_its_addresses()
    {
        await using var app = _environment.StartApp("reached");
        await _environment.CreateServiceAsync("reached", app, Exposed);

        var device = await _environment.RunningAsync("reached", "default-reached");

        Assert.Equal([AddressFamily.InterNetwork, AddressFamily.InterNetworkV6], device.Addresses.Select(address => address.AddressFamily));
        foreach (var host in (string[])["default-reached", device.Name, .. device.Addresses.Select(address => address.ToString())])
        {
            Assert.StartsWith("reached ", await TrafficEnvironment.AskAsync(_environment.Laptop, host), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_laptop_knows_the_device_of_a_Service_for_what_it_is_and_the_app_sees_the_proxys_Pod()
    {
        await using var app = _environment.StartApp("known");
        await _environment.CreateServiceAsync("known", app, Exposed);
        var device = await _environment.RunningAsync("known", "default-known");

        var greeting = await TrafficEnvironment.AskAsync(_environment.Laptop, "default-known");

        var state = _environment.ProxyObjects("", "secrets", "known").Single(obj => obj["data"]?["device_id"] is not null)["data"]!;
        foreach (var address in device.Addresses)
        {
            var node = _environment.Laptop.WhoIs(address)!.Node;
            Assert.Equal(Encoding.UTF8.GetString(Convert.FromBase64String((string)state["device_id"]!)), node.StableID);
            Assert.Equal(["tag:k8s"], node.Tags);
        }

        Assert.Equal($"known {(string)_environment.ProxyPod("known")["status"]!["podIP"]!}", greeting);
    }

    [Fact]
    public async Task A_device_reaches_the_ports_that_the_policy_grants_it_and_no_others()
    {
        await using var app = _environment.StartApp("door");
        await _environment.CreateServiceAsync("door", app, [80, TrafficEnvironment.GuestPort], Exposed);
        await _environment.RunningAsync("door", "default-door");
        await using var guest = await _environment.Parts.JoinAsync("guest", Stop, TrafficEnvironment.Guest);
        await TrafficEnvironment.PeerAsync(guest, "default-door");
        using var givenUp = new CancellationTokenSource();

        // Asked first; whatever comes through takes the same way.
        var denied = guest.DialAsync("default-door", 80, givenUp.Token);
        for (var i = 0; i < 3; i++)
        {
            Assert.StartsWith("door ", await TrafficEnvironment.AskAsync(guest, "default-door", TrafficEnvironment.GuestPort), StringComparison.Ordinal);
        }

        Assert.False(denied.IsCompleted);
        Assert.Equal(3, app.Served);
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => denied);
    }

    [Fact]
    public async Task A_device_that_the_policy_grants_nothing_does_not_know_the_Service()
    {
        await using var app = _environment.StartApp("hidden");
        await _environment.CreateServiceAsync("hidden", app, Exposed);
        var device = await _environment.RunningAsync("hidden", "default-hidden");
        await using var stranger = await _environment.Parts.JoinAsync("stranger", Stop, TrafficEnvironment.Stranger);

        foreach (var host in (string[])["default-hidden", device.Name, .. device.Addresses.Select(address => address.ToString())])
        {
            await Assert.ThrowsAsync<TailnetNodeException>(() => stranger.DialAsync(host, 80, Stop));
        }

        Assert.Equal(0, app.Served);
    }
}
