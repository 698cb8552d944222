using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailnet.Nodes;

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

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
