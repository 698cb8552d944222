using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>How far a device of a Service reaches.</summary>
[Collection(TrafficCollection.Name)]
public sealed class ReachTests(TrafficFixture fixture)
{
    /// <summary>Above these, where few servers have their places, a sample is asked: all of them would take half a minute.</summary>
    private const int AllBelow = 10_000;
    private const int Step = 37;

    private readonly TrafficEnvironment _environment = fixture.Environment;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_the_ports_of_a_device_the_Services_alone_answer()
    {
        await using var app = _environment.StartApp("scanned");
        await _environment.CreateServiceAsync("scanned", app, [80, 8443], ("tailscale.com/expose", "true"));
        var device = await _environment.RunningAsync("scanned", "default-scanned");
        var answering = new ConcurrentBag<int>();

        // ClusterIPs are the machine's own addresses here: what listens on all of these, as on no node of a real cluster, is no Service.
        var others = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(listener => listener.Address.Equals(IPAddress.Any) || listener.Address.Equals(IPAddress.IPv6Any)).Select(listener => listener.Port).ToHashSet();
        await Parallel.ForEachAsync(
            Enumerable.Range(1, ushort.MaxValue).Where(port => (port < AllBelow || port % Step == 0) && !others.Contains(port)),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Stop },
            async (port, stopping) =>
            {
                if (await AnswersAsync(device.Addresses[port % 2], port, stopping))
                {
                    answering.Add(port);
                }
            });

        Assert.Equal([80, 8443], answering.Order());
    }

    [Fact]
    public async Task A_destination_of_one_family_answers_at_both_of_the_devices_addresses()
    {
        await using var app = new ClusterApp("six", IPAddress.IPv6Loopback);
        UpstreamPod.Create(_environment, "six", new Dictionary<string, string>(), ("TS_DEST_IP", IPAddress.IPv6Loopback.ToString()));
        var device = await TrafficEnvironment.PeerAsync(_environment.Laptop, "six");
        using var log = await PodLog.FollowAsync(_environment, "six");
        await log.LineAsync("Startup complete");

        foreach (var address in device.Addresses)
        {
            Assert.Equal("six ::1", await TrafficEnvironment.AskAsync(_environment.Laptop, address.ToString(), app.EndPoint.Port));
        }
    }

    /// <summary>Whether somebody says anything at a port, or waits for us to. A proxy takes a connection before it knows, and ends it at once.</summary>
    private async Task<bool> AnswersAsync(IPAddress address, int port, CancellationToken stopping)
    {
        try
        {
            await using var stream = await _environment.Laptop.DialAsync(address.ToString(), port, stopping);
            return await stream.ReadAsync(new byte[1], stopping) > 0;
        }
        catch (Exception e) when (e is TailnetNodeException or IOException)
        {
            return false;
        }
    }
}
