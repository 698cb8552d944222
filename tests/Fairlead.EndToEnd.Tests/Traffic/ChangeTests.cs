using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>What users change of an exposed Service while it is used.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ChangeTests(TrafficFixture fixture)
{
    private const string Expose = "tailscale.com/expose";
    private const string Hostname = "tailscale.com/hostname";

    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_hostname_answers_and_the_old_one_does_not_while_connections_stay()
    {
        await using var app = _environment.StartApp("renamed");
        await _environment.CreateServiceAsync("renamed", app, (Expose, "true"), (Hostname, "old-name"));
        var before = await _environment.RunningAsync("renamed", "old-name");
        await using var transfer = await _environment.TransferAsync("old-name");
        await transfer.GoesOnAsync();

        _environment.Annotate("renamed", Hostname, "new-name");
        var after = await TrafficEnvironment.PeerAsync(_environment.Laptop, "new-name");

        Assert.Equal(before.StableId, after.StableId);
        Assert.Equal(before.Addresses, after.Addresses);
        Assert.StartsWith("renamed ", await TrafficEnvironment.AskAsync(_environment.Laptop, "new-name"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<TailnetNodeException>(() => _environment.Laptop.DialAsync("old-name", 80, Stop));
        await transfer.GoesOnAsync();
    }

    [Fact]
    public async Task A_Service_that_is_no_longer_exposed_is_unreachable_and_nothing_is_left_of_its_proxy()
    {
        await using var app = _environment.StartApp("private");
        await _environment.CreateServiceAsync("private", app, (Expose, "true"));
        var device = await _environment.RunningAsync("private", "default-private");
        Assert.StartsWith("private ", await TrafficEnvironment.AskAsync(_environment.Laptop, "default-private"), StringComparison.Ordinal);

        _environment.Annotate("private", Expose, null);
        await IsGoneAsync("private", device);

        Assert.NotNull(_environment.Api.Get("", "services", TrafficEnvironment.Namespace, "private"));
    }

    [Fact]
    public async Task A_Service_deleted_in_the_middle_of_a_transfer_ends_it_and_nothing_is_left_of_its_proxy()
    {
        await using var app = _environment.StartApp("deleted");
        await _environment.CreateServiceAsync("deleted", app, (Expose, "true"));
        var device = await _environment.RunningAsync("deleted", "default-deleted");
        await using var transfer = await _environment.TransferAsync("default-deleted");
        await transfer.GoesOnAsync();

        _environment.Api.Delete("", "services", TrafficEnvironment.Namespace, "deleted");

        await transfer.IsEndedAsync();
        await app.ClientsLeftAsync();
        await IsGoneAsync("deleted", device);
        Assert.Null(_environment.Api.Get("", "services", TrafficEnvironment.Namespace, "deleted"));
    }

    private async Task IsGoneAsync(string service, TailnetPeerStatus device)
    {
        await _environment.NothingIsLeftAsync(service);
        await _environment.UntilAsync(
            $"the operator is done with Service {service}", "", "services",
            () => _environment.Api.Get("", "services", TrafficEnvironment.Namespace, service) is not { } left
                || (left["metadata"]!["finalizers"] is null && left["status"]?["conditions"] is null or JsonArray { Count: 0 }));
        Assert.Null(_environment.Parts.Tailnet.Devices.Find(device.StableId));
        await TrafficEnvironment.LeftAsync(_environment.Laptop, device);
        foreach (var host in (string[])[device.Name, .. device.Addresses.Select(address => address.ToString())])
        {
            await Assert.ThrowsAsync<TailnetNodeException>(() => _environment.Laptop.DialAsync(host, 80, Stop));
        }
    }
}
