using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>Whole map messages as they are on the wire: with a clock that stands still and keys that are always the same.</summary>
public sealed class GoldenMapTests : ManualTimeTest
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Tailnet", "Coordination", "Golden");

    [Fact]
    public async Task A_small_tailnet_is_told_as_in_the_golden_files()
    {
        Tailnet.Policy.Text = """
            {
              "tagOwners": {"tag:k8s": [], "tag:lan": []},
              "acls": [{"action": "accept", "src": ["autogroup:member"], "dst": ["tag:k8s:443", "10.1.0.0/16:*"]}],
              "grants": [{"src": ["autogroup:member"], "dst": ["tag:k8s"], "app": {"tailscale.com/cap/kubernetes": [{"impersonate": {"groups": ["dev"]}}]}}],
              "nodeAttrs": [{"target": ["tag:k8s"], "attr": ["funnel"]}],
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:lan"]}},
            }
            """;
        Tailnet.Services.Put(new TailnetService { Name = "svc:shop", Addresses = [], Ports = ["tcp:443"] });
        var router = NewMachine(1);
        router.Hostinfo = router.Hostinfo with { RoutableIPs = [IPPrefix.Parse("10.1.0.0/16")] };
        await router.JoinAsync("router", "tag:lan");
        var web = await NewMachine(2).JoinAsync("web", "tag:k8s");
        var laptop = await (await NewMachine(3).JoinAsync("laptop")).StreamAsync();

        await CheckAsync("member-first", await laptop.NextAsync());
        await CheckAsync("tagged-first", await (await web.StreamAsync()).NextAsync());
        await CheckAsync("online-delta", await laptop.NextAsync());
        web.Hostinfo = web.Hostinfo with { NetInfo = new NetInfo { PreferredDERP = 900 } };
        await web.UpdateAsync("192.0.2.7:41641");
        await CheckAsync("endpoints-delta", await laptop.NextAsync());
        Tailnet.Devices.Remove(Device("router").NodeId);
        await CheckAsync("removed-delta", await laptop.NextAsync());
    }

    private static async Task CheckAsync(string name, MapResponse? message)
    {
        var actual = JsonNode.Parse(ControlJson.Serialize(message!))!;
        var path = Path.Combine(Folder, name + ".json");
        var expected = File.Exists(path) ? JsonNode.Parse(await File.ReadAllTextAsync(path, Stop)) : null;
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{path} should be:\n{actual.ToJsonString(Indented)}");
    }
}
