using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>Going on with a map session whose stream was lost.</summary>
public sealed class MapSessionTests : ManualTimeTest
{
    [Theory]
    [InlineData(MapCompression.None)]
    [InlineData(MapCompression.Zstd)]
    public async Task After_a_dropped_stream_a_node_is_told_only_what_it_has_not_seen(MapCompression compression)
    {
        Assert.SkipUnless(compression == MapCompression.None || ZstdCodec.IsAvailable, "libzstd is not installed");
        var (web, stream, first) = await BeginAsync(compression);
        var other = await NewMachine().JoinAsync("other");
        var seen = await stream.UntilAsync(message => message.PeersChanged is not null);
        Assert.Equal(first.Seq + 1, seen.Seq);

        Tailnet.Coordination.Faults.DropMapStreams();
        await stream.EndAsync();
        await other.UpdateAsync("192.0.2.1:1");
        stream = await web.StreamAsync(compression, first.MapSessionHandle, seen.Seq);

        Assert.True(await stream.NextAsync() is { Node: null, Peers: null, DERPMap: null, PacketFilter: null } greeting && greeting.MapSessionHandle == first.MapSessionHandle);
        var missed = await stream.NextAsync();
        Assert.Equal("192.0.2.1:1", missed!.PeersChangedPatch!.Single().Endpoints!.Single().ToString());
        Assert.Equal(seen.Seq + 1, missed.Seq);
        Assert.Equal(1, Tailnet.Coordination.ContinuedMapSessions);
    }

    [Fact]
    public async Task What_was_sent_but_not_seen_is_sent_again()
    {
        var (web, stream, first) = await BeginAsync();
        await NewMachine().JoinAsync("other");
        var unseen = await stream.UntilAsync(message => message.PeersChanged is not null);

        Tailnet.Coordination.Faults.SeverConnections(Device("web").NodeId);
        await Assert.ThrowsAnyAsync<Exception>(() => stream.EndAsync());
        stream = await web.StreamAsync(handle: first.MapSessionHandle, seq: first.Seq);

        Assert.Equal(first.MapSessionHandle, (await stream.NextAsync())!.MapSessionHandle);
        var again = await stream.NextAsync();
        Assert.Equal(unseen.Seq, again!.Seq);
        Assert.Equal("other", again.PeersChanged!.Single().Name.Split('.')[0]);
    }

    [Fact]
    public async Task A_stream_that_goes_on_ends_the_one_that_the_node_gave_up()
    {
        var (web, old, first) = await BeginAsync();

        var stream = await web.StreamAsync(handle: first.MapSessionHandle, seq: first.Seq);
        await old.EndAsync();
        await NewMachine().JoinAsync("other");

        Assert.Equal(first.Seq + 1, (await stream.UntilAsync(message => message.PeersChanged is not null)).Seq);
    }

    [Theory]
    [InlineData("another handle")]
    [InlineData("a number from the future")]
    [InlineData("forgotten")]
    [InlineData("too late")]
    [InlineData("missed too much")]
    public async Task Who_cannot_go_on_is_told_everything(string why)
    {
        var (web, stream, first) = await BeginAsync();
        var other = await NewMachine().JoinAsync("other");
        await stream.UntilAsync(message => message.PeersChanged is not null);
        if (why == "missed too much")
        {
            for (var port = 1; port <= 70; port++)
            {
                await other.UpdateAsync($"192.0.2.1:{port}");
                await stream.UntilAsync(message => message.PeersChangedPatch is not null);
            }
        }

        Tailnet.Coordination.Faults.DropMapStreams();
        await stream.EndAsync();
        await UntilAsync("the stream is over", () => Tailnet.Coordination.ConnectedNodes == 0);
        if (why == "forgotten") Tailnet.Coordination.Faults.ForgetMapSessions();
        if (why == "too late") Time.Advance(Options.Coordination.MapSessionRetention + TimeSpan.FromSeconds(2));
        stream = await web.StreamAsync(
            handle: why == "another handle" ? "other" : first.MapSessionHandle,
            seq: why == "a number from the future" ? first.Seq + 2 : first.Seq);

        var whole = await stream.NextAsync();
        Assert.NotNull(whole!.Node);
        Assert.Single(whole.Peers!);
        Assert.NotEqual(first.MapSessionHandle, whole.MapSessionHandle);
        Assert.Equal(1, whole.Seq);
        Assert.Equal(0, Tailnet.Coordination.ContinuedMapSessions);
    }

    [Fact]
    public async Task Nobody_goes_on_with_the_session_of_another_node()
    {
        var (_, _, first) = await BeginAsync();

        var stream = await (await NewMachine().JoinAsync("other")).StreamAsync(handle: first.MapSessionHandle, seq: first.Seq);

        Assert.Equal("other", (await stream.NextAsync())!.Node!.Name.Split('.')[0]);
    }

    private async Task<(TestMachine Machine, TestMapStream Stream, MapResponse First)> BeginAsync(MapCompression compression = MapCompression.None)
    {
        var machine = await NewMachine().JoinAsync("web");
        var stream = await machine.StreamAsync(compression);
        var first = (await stream.NextAsync())!;
        Assert.NotEmpty(first.MapSessionHandle);
        return (machine, stream, first);
    }
}
