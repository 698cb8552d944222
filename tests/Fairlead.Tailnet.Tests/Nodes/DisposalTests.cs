using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Tests.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class DisposalTests : NodeTest
{
    /// <summary>As a captive portal's login page.</summary>
    private static readonly Fault NonsenseAnswer = Fault.Answering("POST", "^/machine/register$", 200) with { Body = "<html>Welcome", ContentType = "text/html" };

    [Fact]
    public async Task A_nonsense_answer_to_the_logout_keeps_no_port_open()
    {
        var port = FreePort();
        var node = await JoinAsync("runner", options => options with { Ephemeral = true, UdpPort = port });
        Tailnet.Faults.Add(NonsenseAnswer);

        await node.DisposeAsync();

        Assert.Equal(TailnetNodeState.Stopped, node.Status.State);
        using var again = new UdpClient(new IPEndPoint(IPAddress.Any, port));
    }

    [Fact]
    public async Task Who_logs_out_is_told_that_the_server_answered_nonsense()
    {
        var port = FreePort();
        var node = await JoinAsync("web", options => options with { UdpPort = port });
        Tailnet.Faults.Add(NonsenseAnswer);

        var failure = await Assert.ThrowsAsync<TailnetNodeException>(() => node.LogoutAsync(Stop));

        Assert.IsType<IOException>(failure.InnerException);
        using var again = new UdpClient(new IPEndPoint(IPAddress.Any, port));
    }

    [Fact]
    public async Task A_stopped_node_can_still_be_forgotten()
    {
        var store = new MemoryNodeStateStore();
        var node = await JoinAsync("web", options => options with { State = store });
        await node.DisposeAsync();

        await Assert.ThrowsAsync<TailnetNodeException>(() => node.LogoutAsync(Stop));

        using var identity = await NodeIdentity.LoadAsync(store, Stop);
        Assert.Null(identity.Node);
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_keep_a_node_from_logging_out()
    {
        var store = new HeldStateStore();
        var port = FreePort();
        var node = await JoinAsync("web", options => options with { State = store, UdpPort = port, StopTimeout = TimeSpan.FromMilliseconds(200) });
        await store.Held.WaitAsync(TimeSpan.FromSeconds(10), Stop);

        await Assert.ThrowsAsync<NodeStateException>(() => node.LogoutAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop));

        Assert.Equal(TailnetNodeState.Stopped, node.Status.State);
        using var again = new UdpClient(new IPEndPoint(IPAddress.Any, port));
    }

    [Fact]
    public async Task Preferences_and_flows_that_come_while_a_node_stops_do_no_harm()
    {
        var node = await JoinAsync("web");
        var routes = new TailnetNodePreferences { Hostname = "web", AdvertiseRoutes = [IPNetwork.Parse("192.0.2.0/24")] };

        var stopping = node.DisposeAsync();
        node.Use(routes);
        node.LeadFlows(_ => null);
        await stopping;
        node.Use(routes);
        node.LeadFlows(_ => null);

        Assert.Equal(TailnetNodeState.Stopped, node.Status.State);
    }

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
