using System.Collections.Concurrent;
using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Tests.Control.Harness;
using Fairlead.Tailnet.Tests.Timing;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Control;

/// <summary>Node keys that expire, and what lost streams have to do with it.</summary>
public sealed class KeyRenewalTests : ControlTest
{
    private const string ExpiredJson = """{"Node":{"ID":1,"Expired":true}}""";

    [Fact]
    public async Task An_expired_key_is_replaced_by_a_new_one_that_is_kept_first()
    {
        Server.OnRegister = (request, _) => Task.FromResult<RegisterResponse?>(
            request.NodeKey == FirstKey.PublicKey ? new RegisterResponse { NodeKeyExpired = true } : new RegisterResponse { MachineAuthorized = true });
        var (session, stream) = await ConnectAsync();

        var requests = Server.Registrations.ToArray();
        Assert.Equal(2, requests.Length);
        Assert.Equal(FirstKey.PublicKey, requests[1].OldNodeKey);
        Assert.Equal(requests[1].NodeKey, Assert.Single(NewKeys).PublicKey);
        Assert.Equal(requests[1].NodeKey, stream.Request.NodeKey);
        Assert.Equal(requests[1].NodeKey, session.NodeKey);
    }

    [Theory]
    [InlineData(ExpiredJson)]
    [InlineData("""{"Node":{"ID":1,"KeyExpiry":"2001-01-01T00:00:00Z"}}""")]
    public async Task A_key_that_expires_while_connected_is_replaced(string message)
    {
        var (session, stream) = await ConnectAsync();

        await stream.SendAsync(message);
        var next = await Server.NextStreamAsync();

        Assert.Equal(FirstKey.PublicKey, Server.Registrations.Last().OldNodeKey);
        Assert.Equal(NewKeys.Single().PublicKey, next.Request.NodeKey);
        await next.SendAsync(SelfJson);
        await Eventually.IsTrueAsync("running again", () => session.Status is { State: ControlState.Running, IsConnected: true, Error: "" });
    }

    [Fact]
    public async Task Nobody_is_asked_to_log_in_while_a_key_is_replaced()
    {
        var (session, stream) = await ConnectAsync();
        var states = new ConcurrentQueue<ControlState>();
        var watching = WatchAsync();

        await stream.SendAsync(ExpiredJson);
        var next = await Server.NextStreamAsync();
        await Eventually.IsTrueAsync("what lies between is seen", () => states.Count >= 2);
        await next.SendAsync(SelfJson);
        await Eventually.IsTrueAsync("running again", () => session.Status is { State: ControlState.Running, IsConnected: true });

        await session.DisposeAsync();
        await watching;
        Assert.DoesNotContain(ControlState.NeedsLogin, states);

        async Task WatchAsync()
        {
            await foreach (var status in session.WatchStatusAsync(Stop)) states.Enqueue(status.State);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Nobody_is_asked_to_log_in_where_something_on_the_way_refuses_a_node_that_was_let_in(int status)
    {
        var (session, stream, time) = await LoseStreamsAsync(0);
        var isIll = true;
        Server.OnMap = (_, _) => Task.FromResult(isIll ? 404 : 200);
        Server.OnRegister = (_, context) =>
        {
            if (!isIll) return Task.FromResult<RegisterResponse?>(new RegisterResponse { MachineAuthorized = true });
            context.Response.StatusCode = status;
            return Task.FromResult<RegisterResponse?>(null);
        };

        stream.End();
        await Eventually.IsTrueAsync("refused", () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Server.Registrations.Count >= 3;
        });

        Assert.Equal((ControlState.Running, false), (session.Status.State, session.Status.IsConnected));
        isIll = false;
    }

    [Fact]
    public async Task A_key_that_expires_after_many_lost_streams_is_replaced_at_once()
    {
        var (session, stream, _) = await LoseStreamsAsync(12);

        // Time stands still from here on: whatever were waited for would not come.
        await stream.SendAsync(ExpiredJson);
        await (await Server.NextStreamAsync()).SendAsync(SelfJson);

        await Eventually.IsTrueAsync("another key", () => session.Status.IsConnected && session.NodeKey == NewKeys.Single().PublicKey);
    }

    [Fact]
    public async Task A_server_that_calls_every_key_expired_gets_new_ones_at_intervals_only()
    {
        var (session, stream, time) = await LoseStreamsAsync(0);
        await stream.SendAsync(ExpiredJson);
        await (await Server.NextStreamAsync()).SendAsync(ExpiredJson);

        await Eventually.IsTrueAsync("a wait", () => time.IsWaitedFor(TimeSpan.FromMilliseconds(250)));
        Assert.Single(NewKeys);
        Assert.Equal(ControlState.NeedsLogin, session.Status.State);
    }

    [Fact]
    public async Task A_server_that_ends_streams_but_serves_maps_is_returned_to_within_seconds()
    {
        var (_, stream, time) = await LoseStreamsAsync(12);
        stream.End();
        await Eventually.IsTrueAsync("a short wait", () => time.IsWaitedFor(TimeSpan.FromSeconds(4)));
    }

    /// <summary>A session whose streams ended as often as that, each after a map, and its present stream.</summary>
    private async Task<(ControlSession Session, ServedMapStream Stream, ManualTime Time)> LoseStreamsAsync(int count)
    {
        var time = new ManualTime();
        var (session, stream) = await ConnectAsync(options => options with { Time = time, Random = new Nominal() });
        for (; count > 0; count--)
        {
            stream.End();
            var next = Server.NextStreamAsync();
            await Eventually.IsTrueAsync("a new attempt", () =>
            {
                if (!next.IsCompleted) time.Advance(TimeSpan.FromMilliseconds(250));
                return next.IsCompleted;
            });
            stream = await next;
            await stream.SendAsync(SelfJson);
            await Eventually.IsTrueAsync("connected again", () => session.Status.IsConnected);
        }

        return (session, stream, time);
    }

    /// <summary>Makes waits as long as they nominally are.</summary>
    private sealed class Nominal : Random
    {
        public override double NextDouble() => 0.5;
    }
}
