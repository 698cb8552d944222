using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Tests.Control.Harness;
using Fairlead.Tailnet.Tests.Timing;

namespace Fairlead.Tailnet.Tests.Control;

/// <summary>Going on with a map session whose stream was lost.</summary>
public sealed class MapSessionTests : ControlTest
{
    private const string Begin = """{"MapSessionHandle":"h","Seq":1,"Node":{"ID":1,"Name":"a.example.ts.net.","MachineAuthorized":true},"Peers":[{"ID":2},{"ID":3}]}""";

    [Theory]
    [InlineData("""{"MapSessionHandle":"h","Seq":3}""")]
    [InlineData("""{"MapSessionHandle":"h","KeepAlive":true}""")]
    [InlineData("""{"MapSessionHandle":"h","Seq":4,"OnlineChange":{"2":true}}""")]
    public async Task After_a_lost_stream_the_node_goes_on_from_the_last_message_it_took(string greeting)
    {
        var (session, stream) = await BeginAsync();
        await stream.SendAsync("""{"Seq":3,"PeersChanged":[{"ID":4}]}""");
        await stream.SendAsync("""{"KeepAlive":true}""");
        await Eventually.IsTrueAsync("three peers", () => session.Map!.Peers.Count == 3);

        stream.Abort();
        var next = await Server.NextStreamAsync();
        await Eventually.IsTrueAsync("the loss is told", () => !session.Status.IsConnected);
        Assert.Equal(("h", 3), (next.Request.MapSessionHandle, next.Request.MapSessionSeq));
        await next.SendAsync(greeting);

        await Eventually.IsTrueAsync("connected again", () => session.Status.IsConnected);
        Assert.Equal([2, 3, 4], session.Map!.Peers.Select(peer => peer.ID));
        await next.SendAsync("""{"Seq":5,"PeersRemoved":[3]}""");
        await Eventually.IsTrueAsync("a change applies to what was known", () => session.Map!.Peers.Count == 2);
        next.Abort();
        Assert.Equal(("h", 5), await AskedAsync());
    }

    [Fact]
    public async Task A_server_that_begins_anew_replaces_everything_in_one_step()
    {
        var (session, stream) = await BeginAsync();
        await using var watch = session.WatchMapAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await watch.MoveNextAsync());

        stream.Abort();
        stream = await Server.NextStreamAsync();
        await stream.SendAsync("""{"MapSessionHandle":"i","Seq":1,"Node":{"ID":1,"Name":"a.example.ts.net.","MachineAuthorized":true},"Peers":[{"ID":3},{"ID":9}]}""");

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal([9], watch.Current.Change.PeersAdded.Select(peer => peer.ID));
        Assert.Equal([2], watch.Current.Change.PeersRemoved.Select(peer => peer.ID));
        Assert.Empty(watch.Current.Change.PeersChanged);
        stream.Abort();
        Assert.Equal(("i", 1), await AskedAsync());
    }

    [Fact]
    public async Task A_server_that_begins_anew_has_to_tell_the_node_itself()
    {
        var (session, stream) = await BeginAsync();

        stream.Abort();
        await (await Server.NextStreamAsync()).SendAsync("""{"MapSessionHandle":"i","Seq":1,"PeersRemoved":[2]}""");

        await Eventually.IsTrueAsync("refused", () => session.Status.Error.Contains("has no node", StringComparison.Ordinal));
        Assert.Equal(2, session.Map!.Peers.Count);
        Assert.Equal(("", 0), await AskedAsync());
    }

    [Theory]
    [InlineData("""{"Seq":2,"Peers":5}""")]
    [InlineData("""{"Seq":2,"Node":{"ID":1,"Expired":true}}""")]
    public async Task Nonsense_and_an_expired_key_make_the_node_begin_anew(string message)
    {
        var (_, stream) = await BeginAsync();

        await stream.SendAsync(message);

        Assert.Equal(("", 0), await AskedAsync());
    }

    [Fact]
    public async Task A_server_that_refuses_to_go_on_is_asked_for_everything()
    {
        var (_, stream) = await BeginAsync();
        Server.OnMap = (request, _) => Task.FromResult(request.MapSessionHandle.Length > 0 ? 500 : 200);

        stream.End();

        Assert.Equal(("", 0), await AskedAsync());
    }

    [Fact]
    public async Task A_server_that_answers_the_wish_to_go_on_with_nothing_is_asked_for_everything()
    {
        var (_, stream) = await BeginAsync();

        stream.End();
        var second = await Server.NextStreamAsync();
        Assert.Equal("h", second.Request.MapSessionHandle);
        second.End();

        Assert.Equal(("", 0), await AskedAsync());
    }

    private async Task<(string Handle, long Seq)> AskedAsync()
    {
        var request = (await Server.NextStreamAsync()).Request;
        return (request.MapSessionHandle, request.MapSessionSeq);
    }

    private async Task<(ControlSession Session, ServedMapStream Stream)> BeginAsync()
    {
        var session = Start();
        var stream = await Server.NextStreamAsync();
        Assert.Equal(("", 0), (stream.Request.MapSessionHandle, stream.Request.MapSessionSeq));
        await stream.SendAsync(Begin);
        await Eventually.IsTrueAsync("connected", () => session.Status.IsConnected);
        return (session, stream);
    }
}
