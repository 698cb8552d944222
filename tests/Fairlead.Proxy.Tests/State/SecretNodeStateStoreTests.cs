using System.Text;
using Fairlead.Proxy.State;
using Fairlead.Proxy.Tests.Tailscaled;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.Tests.State;

public sealed class SecretNodeStateStoreTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_written_at_once_are_all_there_for_readers()
    {
        await using var cluster = await StateInCluster.StartAsync(new Dictionary<string, string?> { ["before"] = "0" });
        using var store = new SecretNodeStateStore(cluster.State, events: null);
        Assert.NotNull(await store.ReadAsync("before", Stop));
        string[] keys = [.. Enumerable.Range(0, 32).Select(i => $"key-{i}")];

        await Task.WhenAll(keys.Select(key => store.WriteAsync(key, Encoding.ASCII.GetBytes(key), Stop).AsTask()));

        foreach (var key in keys)
        {
            Assert.Equal(key, Encoding.ASCII.GetString(await store.ReadAsync(key, Stop) ?? []));
        }
    }

    [Fact]
    public async Task A_write_before_the_first_read_hides_nothing()
    {
        await using var cluster = await StateInCluster.StartAsync(new Dictionary<string, string?> { ["_machinekey"] = "privkey:00" });
        using var store = new SecretNodeStateStore(cluster.State, events: null);

        await store.WriteAsync("web.example.ts.net.crt", "pem"u8.ToArray(), Stop);

        Assert.Equal("privkey:00", Encoding.ASCII.GetString(await store.ReadAsync("_machinekey", Stop) ?? []));
    }

    [Fact]
    public async Task Values_of_one_write_are_one_request_and_null_removes()
    {
        await using var cluster = await StateInCluster.StartAsync(new Dictionary<string, string?> { ["_current-profile"] = "profile-ab12", ["profile-ab12"] = "{}" });
        using var store = new SecretNodeStateStore(cluster.State, events: null);
        var before = await cluster.RevisionAsync();

        await store.WriteAsync(
            new Dictionary<string, byte[]?> { ["_current-profile"] = "profile-cd34"u8.ToArray(), ["profile-cd34"] = "{}"u8.ToArray(), ["profile-ab12"] = null }, Stop);

        Assert.Equal(before + 1, await cluster.RevisionAsync());
        Assert.Equal(["_current-profile", "profile-cd34"], (await cluster.State.ReadAsync(Stop)).Keys.Order(StringComparer.Ordinal));
        Assert.Null(await store.ReadAsync("profile-ab12", Stop));
    }
}
