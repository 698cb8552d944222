using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class RoutesTests : ManualTimeTest
{
    private static readonly IPPrefix Lan = IPPrefix.Parse("10.1.0.0/16");

    [Fact]
    public async Task A_route_is_served_once_it_is_approved_over_the_API()
    {
        var router = await RouterAsync("router", "10.1.0.0/16", "0.0.0.0/0", "::/0");
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        Assert.Equal(2, Assert.Single((await stream.NextAsync())!.Peers!).AllowedIPs!.Count);
        using var http = await ApiAsync();
        var path = $"api/v2/device/{Device("router").NodeId}/routes";

        using var set = await http.PostAsJsonAsync(path, new { routes = new[] { "10.1.0.0/16" } }, Stop);
        var answer = JsonNode.Parse(await http.GetStringAsync(path, Stop))!;
        var peer = Assert.Single((await stream.NextAsync())!.PeersChanged!);

        Assert.Equal(["10.1.0.0/16", "0.0.0.0/0", "::/0"], answer["advertisedRoutes"]!.AsArray().Select(route => (string)route!));
        Assert.Equal(["10.1.0.0/16"], answer["enabledRoutes"]!.AsArray().Select(route => (string)route!));
        Assert.Equal([Lan], peer.PrimaryRoutes);
        Assert.Contains(Lan, peer.AllowedIPs!);
        Assert.DoesNotContain(peer.AllowedIPs!, prefix => prefix.Bits == 0);
        Assert.NotNull(router);
    }

    [Fact]
    public async Task Auto_approvers_approve_routes_below_theirs_and_exit_nodes()
    {
        Tailnet.Policy.Text = """
            {
              "tagOwners": {"tag:k8s": []},
              "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:k8s"]}, "exitNode": ["tag:k8s"]},
            }
            """;
        await RouterAsync("router", "10.1.0.0/16", "192.168.0.0/16", "0.0.0.0/0", "::/0");

        var first = await (await (await NewMachine().JoinAsync("viewer")).StreamAsync()).NextAsync();

        var allowed = Assert.Single(first!.Peers!).AllowedIPs!.Skip(2).Select(prefix => prefix.ToString());
        Assert.Equal(["10.1.0.0/16", "0.0.0.0/0", "::/0"], allowed);
    }

    [Fact]
    public async Task Of_two_routers_one_is_used_until_it_goes_offline()
    {
        Tailnet.Policy.Text = """
            {
              "tagOwners": {"tag:k8s": []},
              "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
              "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:k8s"]}},
            }
            """;
        var one = await (await RouterAsync("one", "10.1.0.0/16")).StreamAsync();
        var two = await (await RouterAsync("two", "10.1.0.0/16")).StreamAsync();
        await two.NextAsync();
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        var peers = (await stream.NextAsync())!.Peers!;
        Assert.Equal("one", Assert.Single(peers, peer => peer.AllowedIPs!.Contains(Lan)).ComputedName);

        await one.DisposeAsync();
        await UntilAsync("the server sees the stream's end", () => Tailnet.Coordination.ConnectedNodes == 2);
        Time.Advance(TimeSpan.FromSeconds(6));

        var changed = (await stream.NextAsync())!.PeersChanged!;
        Assert.DoesNotContain(Lan, changed.Single(peer => peer.ComputedName == "one").AllowedIPs!);
        Assert.Contains(Lan, changed.Single(peer => peer.ComputedName == "two").AllowedIPs!);
    }

    [Fact]
    public async Task The_API_tells_what_the_node_told()
    {
        var machine = await NewMachine().JoinAsync("web", "tag:k8s");
        await machine.UpdateAsync("192.0.2.1:41641");
        await (await machine.StreamAsync()).NextAsync();
        using var http = await ApiAsync();

        var device = JsonNode.Parse(await http.GetStringAsync($"api/v2/device/{Device("web").NodeId}?fields=all", Stop))!;

        Assert.Equal(machine.NodeKey.PublicKey.ToString(), (string?)device["nodeKey"]);
        Assert.StartsWith("mkey:", (string?)device["machineKey"], StringComparison.Ordinal);
        Assert.Equal("1.96.5", (string?)device["clientVersion"]);
        Assert.Equal("linux", (string?)device["os"]);
        Assert.True((bool?)device["connectedToControl"]);
        Assert.Null(device["lastSeen"]);
        Assert.Equal("192.0.2.1:41641", (string?)device["clientConnectivity"]!["endpoints"]![0]);
        Assert.Equal(["tag:k8s"], device["tags"]!.AsArray().Select(tag => (string)tag!));
    }

    [Fact]
    public async Task Name_tags_key_and_approval_are_changed_over_the_API_and_reach_the_node()
    {
        var machine = await NewMachine().JoinAsync("web");
        var stream = await machine.StreamAsync();
        await stream.NextAsync();
        using var http = await ApiAsync();
        var path = $"api/v2/device/{Device("web").NodeId}";

        await SetAsync("name", new { name = "shop" });
        Assert.Equal("shop.embedded.ts.net.", (await stream.NextAsync())!.Node!.Name);
        await SetAsync("key", new { keyExpiryDisabled = true });
        Assert.Equal(default, (await stream.NextAsync())!.Node!.KeyExpiry);
        await SetAsync("authorized", new { authorized = false });
        Assert.False((await stream.NextAsync())!.Node!.MachineAuthorized);
        await SetAsync("authorized", new { authorized = true });
        await stream.NextAsync();
        await SetAsync("tags", new { tags = new[] { "tag:k8s" } });
        Assert.Equal(["tag:k8s"], (await stream.NextAsync())!.Node!.Tags);
        await SetAsync("expire", null);
        Assert.True((await stream.NextAsync())!.Node!.Expired);

        async Task SetAsync(string what, object? body)
        {
            using var answer = await http.PostAsJsonAsync($"{path}/{what}", body, Stop);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        }
    }

    private async Task<TestMachine> RouterAsync(string name, params string[] routes)
    {
        var machine = NewMachine();
        machine.Hostinfo = machine.Hostinfo with { RoutableIPs = [.. routes.Select(route => IPPrefix.Parse(route))] };
        return await machine.JoinAsync(name, "tag:k8s");
    }

    private async Task<HttpClient> ApiAsync()
    {
        var client = Tailnet.Clients.AddOAuthClient([Scopes.All], ["tag:k8s-operator"]);
        var http = new HttpClient { BaseAddress = Tailnet.BaseAddress };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client.Id,
            ["client_secret"] = client.Secret!,
        });
        using var answer = await http.PostAsync("api/v2/oauth/token", form, Stop);
        var token = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["access_token"];
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token!);
        return http;
    }
}
