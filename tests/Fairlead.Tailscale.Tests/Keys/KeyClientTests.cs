using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Keys;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Keys;

public sealed class KeyClientTests : TailnetTest
{
    [Fact]
    public async Task A_key_is_asked_for_with_the_body_that_upstream_sends()
    {
        await Client.Keys.CreateAsync(ProxyKey, Stop);

        var call = Tailnet.Calls.Snapshot()[^1];
        Assert.Equal("POST /api/v2/tailnet/-/keys → 200", call.ToString());
        Assert.Equal("application/json", call.Headers["Content-Type"]);
        Assert.Equal("fairlead-tests", call.Headers["User-Agent"]);
        var expected = JsonNode.Parse("""
            {
              "capabilities": {"devices": {"create": {
                "reusable": false, "ephemeral": false, "preauthorized": true, "tags": ["tag:k8s"]}}},
              "expirySeconds": 0,
              "description": ""
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(call.Body)), call.Body);
    }

    [Fact]
    public async Task A_new_key_lets_one_device_join_and_is_invalid_then()
    {
        var key = await Client.Keys.CreateAsync(ProxyKey, Stop);
        Assert.False((await Client.Keys.GetAsync(key.Id, Stop))!.Invalid);

        var device = Tailnet.Devices.Register(new DeviceRegistration { Hostname = "web", AuthKey = key.Secret.Reveal() });

        Assert.Equal(["tag:k8s"], device.Tags);
        Assert.True((await Client.Keys.GetAsync(key.Id, Stop))!.Invalid);
        Assert.Equal([device.NodeId], Tailnet.Keys.Find(key.Id)!.UsedBy);
        Assert.Throws<InvalidOperationException>(
            () => Tailnet.Devices.Register(new DeviceRegistration { Hostname = "web", AuthKey = key.Secret.Reveal() }));
    }

    [Fact]
    public async Task A_key_has_the_lifetime_and_description_asked_for()
    {
        var key = await Client.Keys.CreateAsync(
            ProxyKey with { Lifetime = TimeSpan.FromHours(2), Description = "CI", Reusable = true, Ephemeral = true }, Stop);

        Assert.Equal(Time.GetUtcNow().AddHours(2), key.Expires);
        var read = await Client.Keys.GetAsync(key.Id, Stop);
        Assert.Equal("CI", read!.Description);
        Assert.Equal(key.Expires, read.Expires);
        var create = read.Capabilities!.Devices!.Create!;
        Assert.True(create is { Reusable: true, Ephemeral: true, Preauthorized: true });
    }

    [Fact]
    public async Task Keys_are_listed_until_they_are_deleted_and_deleting_twice_is_no_error()
    {
        var key = await Client.Keys.CreateAsync(ProxyKey, Stop);

        Assert.Equal([key.Id], (await Client.Keys.ListAsync(ct: Stop)).Select(k => k.Id));
        Assert.Equal(DeleteOutcome.Deleted, await Client.Keys.DeleteAsync(key.Id, Stop));
        Assert.Equal(DeleteOutcome.AlreadyGone, await Client.Keys.DeleteAsync(key.Id, Stop));
        Assert.Empty(await Client.Keys.ListAsync(all: true, Stop));
        Assert.Null(await Client.Keys.GetAsync(key.Id, Stop));
        Assert.Equal("?all=true", Tailnet.Calls.Snapshot()[^2].Query);
    }

    [Fact]
    public async Task A_tag_that_the_credentials_do_not_own_is_refused_in_the_words_of_the_API()
    {
        var error = await Assert.ThrowsAsync<TailscaleApiException>(
            () => Client.Keys.CreateAsync(new AuthKeyRequest { Tags = ["tag:k8s", "tag:db"] }, Stop));

        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Equal("400 Bad Request: requested tags [tag:db] are invalid or not permitted", error.Detail);
        Assert.Equal($"POST /api/v2/tailnet/-/keys: {error.Detail}", error.Message);
        Assert.Empty(Tailnet.Keys.Snapshot());
    }
}
