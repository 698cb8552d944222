using System.Collections.Concurrent;
using Fairlead.Tailnet.Control.Sessions;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Cryptography;
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

    [Fact]
    public async Task News_of_a_new_key_does_not_wait_for_what_failed_with_the_old_one()
    {
        Server.OnMap = (request, _) => Task.FromResult(request.Stream || request.NodeKey != FirstKey.PublicKey ? 200 : 404);
        var (session, stream, time) = await LoseStreamsAsync(0);
        await Eventually.IsTrueAsync("the refused update waits", () => time.IsWaitedFor(TimeSpan.FromSeconds(1)));

        // Time stands still: the update's wait does not end by itself.
        await stream.SendAsync(ExpiredJson);
        await Server.NextStreamAsync();

        Assert.Contains(Server.Updates, update => update.NodeKey == session.NodeKey && update.NodeKey != FirstKey.PublicKey);
    }

    [Fact]
    public async Task A_key_is_kept_before_the_server_hears_of_it()
    {
        var isKept = false;
        Server.OnRegister = (request, _) =>
        {
            isKept = PendingKeys.Any(key => key.PublicKey == request.NodeKey);
            return Task.FromResult<RegisterResponse?>(new RegisterResponse { NodeKeyExpired = request.NodeKey == FirstKey.PublicKey, MachineAuthorized = true });
        };

        await ConnectAsync();

        Assert.True(isKept);
        Assert.Same(NewKeys.Single(), PendingKeys.Single());
    }

    [Fact]
    public async Task A_renewal_whose_answer_is_lost_goes_on_with_the_same_key()
    {
        Server.OnRegister = (request, context) =>
        {
            if (request.NodeKey == FirstKey.PublicKey) return Task.FromResult<RegisterResponse?>(new RegisterResponse { NodeKeyExpired = true });
            if (Server.Registrations.Count == 2) context.Abort();
            return Task.FromResult<RegisterResponse?>(new RegisterResponse { MachineAuthorized = true });
        };

        var (session, _) = await ConnectAsync();

        Assert.Equal(session.NodeKey, PendingKeys.Single().PublicKey);
        Assert.Equal([FirstKey.PublicKey, session.NodeKey, session.NodeKey], Server.Registrations.Select(request => request.NodeKey));
    }

    [Fact]
    public async Task A_key_that_cannot_be_kept_is_not_shown_to_the_server()
    {
        var refusals = 1;
        Server.OnRegister = (request, _) => Task.FromResult<RegisterResponse?>(
            request.NodeKey == FirstKey.PublicKey ? new RegisterResponse { NodeKeyExpired = true } : new RegisterResponse { MachineAuthorized = true });
        var kept = new ConcurrentQueue<NodePrivateKey>();

        var (session, _) = await ConnectAsync(options => options with
        {
            NodeKeyPending = (key, _) =>
            {
                if (refusals-- > 0) throw new IOException("The disk is full.");
                kept.Enqueue(key);
                return ValueTask.CompletedTask;
            },
        });

        Assert.Equal(kept.Single().PublicKey, session.NodeKey);
        Assert.Equal([FirstKey.PublicKey, FirstKey.PublicKey, session.NodeKey], Server.Registrations.Select(request => request.NodeKey));
    }

    [Theory]
    [InlineData(PendingFate.Taken)]
    [InlineData(PendingFate.TakenAndExpired)]
    [InlineData(PendingFate.NotTaken)]
    [InlineData(PendingFate.NotTakenAndOldExpired)]
    [InlineData(PendingFate.Refused)]
    public async Task A_session_finds_out_which_key_of_an_earlier_renewal_the_server_knows(PendingFate fate)
    {
        using var pending = NodePrivateKey.Generate();
        Server.OnRegister = (request, context) => Task.FromResult(Answer(request, context));
        var (session, stream) = await ConnectAsync(options => options with { PendingNodeKey = pending });

        var requests = Server.Registrations.ToArray();
        Assert.Equal((pending.PublicKey, FirstKey.PublicKey), (requests[0].NodeKey, requests[0].OldNodeKey));
        Assert.Null(requests[0].Auth);
        Assert.DoesNotContain(requests, request => request is { Auth: not null } && request.NodeKey == FirstKey.PublicKey);
        Assert.Equal(session.NodeKey, stream.Request.NodeKey);
        Assert.Equal(session.NodeKey, NewKeys[^1].PublicKey);
        var expected = fate switch
        {
            PendingFate.TakenAndExpired => PendingKeys.Single().PublicKey,
            PendingFate.NotTaken or PendingFate.Refused => FirstKey.PublicKey,
            _ => pending.PublicKey,
        };
        Assert.Equal(expected, session.NodeKey);
        if (fate == PendingFate.TakenAndExpired) Assert.Equal(pending.PublicKey, requests[^1].OldNodeKey);

        RegisterResponse? Answer(RegisterRequest request, Microsoft.AspNetCore.Http.HttpContext context)
        {
            var isPending = request.NodeKey == pending.PublicKey;
            var good = new RegisterResponse { MachineAuthorized = true };
            var expired = new RegisterResponse { NodeKeyExpired = true };
            var unknown = new RegisterResponse { AuthURL = "https://login.example/1" };
            switch (fate)
            {
                case PendingFate.Taken:
                    return isPending ? good : unknown;
                case PendingFate.TakenAndExpired:
                    return isPending ? expired : request.OldNodeKey == pending.PublicKey ? good : unknown;
                case PendingFate.NotTaken:
                    return isPending ? unknown : good;
                case PendingFate.NotTakenAndOldExpired when request.Auth is not null:
                    return isPending ? good : unknown;
                case PendingFate.NotTakenAndOldExpired:
                    return isPending ? unknown : expired;
                default:
                    if (!isPending) return good;
                    context.Response.StatusCode = 400;
                    return null;
            }
        }
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

    /// <summary>What became of a renewal that nobody saw the end of.</summary>
    public enum PendingFate
    {
        Taken,
        TakenAndExpired,
        NotTaken,
        NotTakenAndOldExpired,
        Refused,
    }

    /// <summary>Makes waits as long as they nominally are.</summary>
    private sealed class Nominal : Random
    {
        public override double NextDouble() => 0.5;
    }
}
