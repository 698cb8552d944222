using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailscale.Services;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Services;

public sealed class VipServiceClientTests : TailnetTest
{
    private static readonly VipService Web = new()
    {
        Name = "svc:web",
        Comment = "managed",
        Annotations = new Dictionary<string, string> { ["tailscale.com/owner-references"] = "{}" },
        Ports = ["tcp:443"],
        Tags = ["tag:k8s"],
    };

    [Fact]
    public async Task A_service_is_sent_with_just_the_fields_that_are_set()
    {
        await Client.VipServices.PutAsync(Web, Stop);

        var call = Tailnet.Calls.Snapshot()[^1];
        Assert.Equal("PUT /api/v2/tailnet/-/vip-services/svc:web → 200", call.ToString());
        var expected = JsonNode.Parse("""
            {
              "name": "svc:web", "comment": "managed", "annotations": {"tailscale.com/owner-references": "{}"},
              "ports": ["tcp:443"], "tags": ["tag:k8s"]
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(call.Body)), call.Body);
    }

    [Fact]
    public async Task A_service_keeps_its_addresses_when_it_is_read_changed_and_written_back()
    {
        await Client.VipServices.PutAsync(Web, Stop);
        var before = await Client.VipServices.GetAsync("svc:web", Stop);
        Assert.Equal(2, before!.Addrs!.Count);

        await Client.VipServices.PutAsync(before with { Ports = ["tcp:443", "tcp:80"] }, Stop);

        var after = await Client.VipServices.GetAsync("svc:web", Stop);
        Assert.Equal(before.Addrs, after!.Addrs);
        Assert.Equal(["tcp:443", "tcp:80"], after.Ports);
        Assert.Equal(["svc:web"], (await Client.VipServices.ListAsync(Stop)).Select(s => s.Name));
    }

    [Fact]
    public async Task Fields_it_does_not_know_survive_reading_and_writing_back()
    {
        Tailnet.Faults.Add(Fault.Answering("GET", "svc:web", 200) with { Body = """{"name":"svc:web","novelty":{"a":[1]}}""" });
        var service = await Client.VipServices.GetAsync("svc:web", Stop);
        Tailnet.Faults.Add(Fault.Answering("PUT", "svc:web", 200));

        await Client.VipServices.PutAsync(service!, Stop);

        using var sent = JsonDocument.Parse(Tailnet.Calls.Snapshot()[^1].Body);
        Assert.Equal("""{"a":[1]}""", sent.RootElement.GetProperty("novelty").GetRawText());
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_null_and_deleting_it_is_success()
    {
        Assert.Null(await Client.VipServices.GetAsync("svc:web", Stop));
        Assert.Equal(DeleteOutcome.AlreadyGone, await Client.VipServices.DeleteAsync("svc:web", Stop));

        await Client.VipServices.PutAsync(Web, Stop);

        Assert.Equal(DeleteOutcome.Deleted, await Client.VipServices.DeleteAsync("svc:web", Stop));
        Assert.Empty(Tailnet.Services.Snapshot());
    }
}
