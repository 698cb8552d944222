using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Tests.GroupServices;
using Fairlead.Proxy.Tests.Tailscaled;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>What a device's mounted file says, seen from the tailnet.</summary>
public sealed class DeviceFileTests : GroupProxyTest
{
    private const string Name = "eg-0";
    private const string PodIp = "127.97.6.3";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Peers_are_told_of_the_static_endpoints_of_the_present_file_and_of_the_port_of_the_environment()
    {
        int port;
        using (var free = new UdpClient(new IPEndPoint(IPAddress.Any, 0)))
        {
            port = ((IPEndPoint)free.Client.LocalEndPoint!).Port;
        }

        var authKey = NewAuthKey();
        var mount = MountFile(authKey, ("StaticEndpoints", new JsonArray("192.0.2.7:30001", "[2001:db8::7]:30001")));
        var pod = await StartPodAsync(Name, PodIp, mount, ("PORT", $"{port}"));

        await Wait.UntilAsync(
            "the endpoints are told",
            () => Endpoints().Contains(IPEndPoint.Parse("192.0.2.7:30001")) && Endpoints().Contains(IPEndPoint.Parse("[2001:db8::7]:30001")) && Endpoints().Any(endpoint => endpoint.Port == port));

        mount.Replace(FileOf(authKey, ("StaticEndpoints", new JsonArray("192.0.2.8:30002"))));
        await Wait.UntilAsync(
            "the other endpoint is told", () => Endpoints().Contains(IPEndPoint.Parse("192.0.2.8:30002")) && !Endpoints().Any(endpoint => endpoint.Port == 30001));
        Assert.False(pod.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_UDP_port_that_is_taken_ends_the_proxy_and_asks_for_no_other_auth_key()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        var port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;

        var pod = await StartPodAsync(Name, PodIp, MountFile(NewAuthKey()), ("PORT", $"{port}"));

        var error = await Assert.ThrowsAsync<ProxyException>(() => pod.Ended.WaitAsync(Limit, Stop));
        Assert.StartsWith($"PORT: UDP port {port} cannot be bound", error.Message, StringComparison.Ordinal);
        Assert.Null(await StateAsync(Name, "reissue_authkey"));
    }

    [Theory]
    [InlineData("acceptRoutes")]
    [InlineData("ShieldsUp")]
    public async Task What_a_running_node_cannot_take_on_ends_the_proxy_so_that_a_new_start_does(string field)
    {
        var authKey = NewAuthKey();
        var mount = MountFile(authKey);
        var pod = await StartPodAsync(Name, PodIp, mount);
        await StateAsync(pod, Name, "device_ips", _ => true);

        mount.Replace(FileOf(authKey, (field, true)));

        var error = await Assert.ThrowsAsync<ProxyException>(() => pod.Ended.WaitAsync(Limit, Stop));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<IPEndPoint> Endpoints() => Tailnet.Devices.Snapshot().SingleOrDefault(device => device.Hostname == Name)?.Node?.Endpoints ?? [];

    private MountedFiles MountFile(string authKey, params (string Name, JsonNode Value)[] fields) => Mount(FileOf(authKey, fields));

    private (string Name, string Content) FileOf(string authKey, params (string Name, JsonNode Value)[] fields)
    {
        var file = JsonNode.Parse(DeviceConfiguration(Name, authKey))!;
        foreach (var (name, value) in fields)
        {
            file[name] = value;
        }

        return ("cap-106.hujson", file.ToJsonString());
    }
}
