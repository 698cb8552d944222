using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Targets;
using Fairlead.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.Targets;

public sealed class BackendNamesTests
{
    private static readonly IPAddress One = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Two = IPAddress.Parse("10.0.0.2");

    private readonly ManualTime _time = new();
    private readonly ScriptedResolver _resolver = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_looked_up_again_after_ten_minutes_and_only_what_changed_is_told()
    {
        _resolver.Answers.Enqueue(() => [Two, One]);
        _resolver.Answers.Enqueue(() => [One, Two]);
        _resolver.Answers.Enqueue(() => [Two]);
        await using var backends = Watch();

        Assert.True(await backends.MoveNextAsync());
        Assert.Equal([One, Two], backends.Current);
        var next = backends.MoveNextAsync().AsTask();
        await PassAsync(TimeSpan.FromMinutes(10));
        Assert.False(next.IsCompleted);
        await PassAsync(TimeSpan.FromMinutes(10));

        Assert.True(await next);
        Assert.Equal([Two], backends.Current);
    }

    [Fact]
    public async Task Failures_are_retried_after_one_two_four_seconds_and_leave_the_addresses_as_they_are()
    {
        _resolver.Answers.Enqueue(() => [One]);
        _resolver.Answers.Enqueue(() => throw new SocketException((int)SocketError.TryAgain));
        _resolver.Answers.Enqueue(() => []);
        _resolver.Answers.Enqueue(() => throw new SocketException((int)SocketError.HostNotFound));
        _resolver.Answers.Enqueue(() => [One, Two]);
        await using var backends = Watch();
        Assert.True(await backends.MoveNextAsync());

        var next = backends.MoveNextAsync().AsTask();
        foreach (var wait in (int[])[600, 1, 2, 4])
        {
            Assert.False(next.IsCompleted);
            await PassAsync(TimeSpan.FromSeconds(wait));
        }

        Assert.True(await next);
        Assert.Equal([One, Two], backends.Current);
    }

    private IAsyncEnumerator<ImmutableArray<IPAddress>> Watch() =>
        new BackendNames(_resolver, _time, NullLogger.Instance).WatchAsync("web.default.svc", Stop).GetAsyncEnumerator(Stop);

    /// <summary>Lets exactly the time pass that is waited for next.</summary>
    private async Task PassAsync(TimeSpan expected)
    {
        Assert.Equal(expected, await _time.WaiterAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), Stop));
        _time.Advance(expected);
    }

    private sealed class ScriptedResolver : INameResolver
    {
        public Queue<Func<ImmutableArray<IPAddress>>> Answers { get; } = [];

        public async Task<ImmutableArray<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return Answers.Dequeue()();
        }
    }
}
