using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Devices;

public sealed class DeviceClientTests : TailnetTest
{
    [Fact]
    public async Task A_device_is_found_by_either_of_its_ids()
    {
        var device = Tailnet.Devices.Register(new DeviceRegistration { Hostname = "web", Tags = ["tag:k8s"] });

        foreach (var id in new[] { device.NodeId, device.Id })
        {
            var found = await Client.Devices.GetAsync(id, Stop);
            Assert.Equal(device.NodeId, found!.NodeId);
            Assert.Equal("web.embedded.ts.net", found.Name);
            Assert.Equal(device.Addresses, found.Addresses);
            Assert.Equal(device.Created, found.Created);
        }
        Assert.Equal("web", (await Client.Devices.ListAsync(Stop)).Single().Hostname);
    }

    [Fact]
    public async Task Deleting_a_device_that_is_gone_is_success()
    {
        var device = Tailnet.Devices.Register(new DeviceRegistration { Hostname = "web", NodeId = "nKNOWN" });

        Assert.Equal(DeleteOutcome.Deleted, await Client.Devices.DeleteAsync(device.NodeId, Stop));
        Assert.Equal(DeleteOutcome.AlreadyGone, await Client.Devices.DeleteAsync(device.NodeId, Stop));
        Assert.Null(await Client.Devices.GetAsync(device.NodeId, Stop));
        Assert.Equal(2, CallsTo("DELETE", "/api/v2/device/nKNOWN"));
    }

    [Fact]
    public async Task Fields_that_are_missing_null_or_empty_are_read_as_nothing()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "/device/", 200) with
        {
            Body = """{"nodeId":"n1","addresses":null,"tags":null,"created":"","lastSeen":"0001-01-01T00:00:00Z","novelty":{"a":1}}""",
        });

        var device = await Client.Devices.GetAsync("n1", Stop);

        Assert.Equal(("", ""), (device!.Id, device.Hostname));
        Assert.Empty(device.Addresses);
        Assert.Empty(device.Tags);
        Assert.Null(device.Created);
        Assert.Null(device.LastSeen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    public async Task An_id_that_would_address_something_else_is_not_sent(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Client.Devices.DeleteAsync(id, Stop));
        Assert.Empty(Tailnet.Calls.Snapshot());
    }

    [Fact]
    public async Task An_id_cannot_leave_its_segment()
    {
        await Client.Devices.DeleteAsync("a/../../tailnet/-/keys/x?y#z", Stop);

        var call = Tailnet.Calls.Snapshot()[^1];
        Assert.StartsWith("/api/v2/device/a%2F", call.Path, StringComparison.Ordinal);
        Assert.Equal("", call.Query);
    }
}
