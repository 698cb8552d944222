using System.Net;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class CoordinationFaultTests : CoordinationTest
{
    [Fact]
    public async Task A_dropped_stream_ends_in_order_and_the_node_may_ask_again()
    {
        var machine = await NewMachine().JoinAsync("web");
        var stream = await machine.StreamAsync();
        await stream.NextAsync();

        Tailnet.Coordination.Faults.DropMapStreams(Device("web").NodeId);

        await stream.EndAsync();
        Assert.NotNull(await (await machine.StreamAsync()).NextAsync());
    }

    [Fact]
    public async Task A_severed_channel_fails_what_is_in_it_and_only_that_nodes()
    {
        var machine = await NewMachine().JoinAsync("web");
        var stream = await machine.StreamAsync();
        await stream.NextAsync();
        var other = await (await NewMachine().JoinAsync("other")).StreamAsync();
        await other.NextAsync();

        Tailnet.Coordination.Faults.SeverConnections(Device("web").NodeId);

        await Assert.ThrowsAnyAsync<Exception>(() => stream.EndAsync());
        Assert.Equal(HttpStatusCode.OK, await machine.UpdateAsync("192.0.2.1:1"));
        Assert.NotNull(await other.UntilAsync(message => message.PeersChangedPatch is not null));
    }

    [Fact]
    public async Task Garbage_reaches_the_node_as_it_is()
    {
        var stream = await (await NewMachine().JoinAsync("web")).StreamAsync();
        await stream.NextAsync();

        Assert.True(Tailnet.Coordination.Faults.SendGarbage(Device("web").NodeId, new byte[] { 3, 0, 0, 0, 1, 2, 3 }));

        await Assert.ThrowsAsync<MapFrameException>(() => stream.NextAsync());
        Assert.False(Tailnet.Coordination.Faults.SendGarbage("nNONE", default));
    }

    [Theory]
    [InlineData(500, HttpStatusCode.InternalServerError)]
    [InlineData(404, HttpStatusCode.NotFound)]
    public async Task Single_requests_fail_as_the_plan_says(int status, HttpStatusCode expected)
    {
        var machine = await NewMachine().JoinAsync("web");
        Tailnet.Faults.Add(Fault.Answering("POST", "^/machine/map$", status));
        Tailnet.Faults.Add(Fault.Answering("GET", "^/key$", status));
        using var http = new HttpClient { BaseAddress = Tailnet.BaseAddress };

        Assert.Equal(expected, await machine.UpdateAsync(new MapRequest()));
        Assert.Equal(HttpStatusCode.OK, await machine.UpdateAsync(new MapRequest()));
        using var key = await http.GetAsync("key?v=145", Stop);
        Assert.Equal(expected, key.StatusCode);
    }
}
