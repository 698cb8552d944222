using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Tests.Nodes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Tests.Soak;

[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
[Collection(nameof(SoakTests))]
public sealed class SoakTests : NodeTest
{
    private const string SecondsVariable = "FAIRLEAD_SOAK_SECONDS";
    private const string SeedVariable = "FAIRLEAD_SOAK_SEED";
    private const int DefaultSeconds = 7;
    private const int Sites = 4;
    private const int Users = 6;
    private const int MaxLength = 1 << 19;
    private const int MaxDatagram = 3000;

    /// <summary>Of all nodes and servers together: connections in TIME_WAIT, pools of buffers, tables that are trimmed later.</summary>
    private const long MaxGrowth = 24 << 20;

    /// <summary>For one exchange, whatever happens to the path meanwhile; a lost handshake takes WireGuard five seconds to repeat.</summary>
    private static readonly TimeSpan ExchangeLimit = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly List<SoakSite> _sites = [];

    private static (string Name, Func<TailnetNode, string, int, int, CancellationToken, Task> Run, int MaxLength)[] Exchanges =>
    [
        ("transfer", SoakExchange.TransferAsync, MaxLength),
        ("half-close", SoakExchange.HalfCloseAsync, MaxLength),
        ("abort", SoakExchange.AbortAsync, MaxLength),
        ("be aborted", SoakExchange.BeAbortedAsync, MaxLength),
        ("datagram", SoakExchange.EchoDatagramAsync, MaxDatagram),
    ];

    private (string Name, Func<Random, Task> Run)[] Disturbances =>
    [
        ("network changes", random => { Any(random).Present?.Node.NetworkChanged(); return Task.CompletedTask; }),
        ("map streams drop", _ => { Tailnet.Coordination.Faults.DropMapStreams(); return Task.CompletedTask; }),
        ("another server", _ => { Tailnet.Coordination.Faults.ForgetMapSessions(); Tailnet.Coordination.Faults.SeverConnections(); return Task.CompletedTask; }),
        ("key changes", ChangeKeyAsync),
        ("leave", random => LeaveAndReturnAsync(random, relayOnly: false)),
        ("leave for the relay", random => LeaveAndReturnAsync(random, relayOnly: true)),
    ];

    [Fact]
    public async Task Whatever_happens_at_random_every_byte_arrives_and_nothing_is_left_over()
    {
        var seed = Setting(SeedVariable, 1);
        var length = TimeSpan.FromSeconds(Setting(SecondsVariable, DefaultSeconds));
        Collect();
        TaskScheduler.UnobservedTaskException += NoteUnobserved;
        try
        {
            await ArriveAsync();
            await Task.WhenAll(Exchanges.Select((exchange, i) => ExchangeAsync(exchange, _sites[i % Sites], _sites[(i + 1) % Sites], exchange.MaxLength, i)));
            var before = Collect();

            var begin = Stopwatch.GetTimestamp();
            await Task.WhenAll([DisturbAsync(new Random(seed), IsOver), .. Enumerable.Range(1, Users).Select(user => UseAsync(new Random(seed + user), IsOver))]);
            var growth = Collect() - before;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"Seed {seed}, {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s, {growth >> 10} KiB more than before. {string.Join(", ", _counts.OrderBy(count => count.Key).Select(count => $"{count.Key}: {count.Value}"))}");
            Assert.True(growth < MaxGrowth, $"{growth >> 20} MiB more than before");

            bool IsOver() => Stopwatch.GetElapsedTime(begin) >= length || !_failures.IsEmpty;
        }
        finally
        {
            foreach (var site in _sites)
            {
                await site.DisposeAsync();
            }

            Collect();
            TaskScheduler.UnobservedTaskException -= NoteUnobserved;
        }

        Assert.True(_failures.IsEmpty, $"Seed {seed} ({SeedVariable}):\n{string.Join("\n", _failures)}");
        Assert.All(Exchanges.Select(exchange => exchange.Name).Concat(Disturbances.Select(disturbance => disturbance.Name)), name => Assert.Contains(name, _counts.Keys));
    }

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static long Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private void NoteUnobserved(object? sender, UnobservedTaskExceptionEventArgs unobserved) => _failures.Enqueue(unobserved.Exception);

    private Task ArriveAsync()
    {
        for (var i = 0; i < Sites; i++)
        {
            // What is logged would count as growth.
            _sites.Add(new SoakSite(Options($"site{i}") with { State = new MemoryNodeStateStore(), LoggerFactory = NullLoggerFactory.Instance }, _failures.Enqueue));
        }

        return Task.WhenAll(_sites.Select((site, i) => site.ArriveAsync(relayOnly: i == 0, Stop)));
    }

    private SoakSite Any(Random random) => _sites[random.Next(Sites)];

    private async Task UseAsync(Random random, Func<bool> isOver)
    {
        while (!isOver())
        {
            var client = random.Next(Sites);
            var server = (client + 1 + random.Next(Sites - 1)) % Sites;
            var exchange = Exchanges[random.Next(Exchanges.Length)];
            await ExchangeAsync(exchange, _sites[client], _sites[server], random.Next(2, exchange.MaxLength), random.Next());

            // Where all ends at once.
            await Task.Yield();
        }
    }

    /// <summary>An exchange may fail only because one of the two leaves.</summary>
    private async Task ExchangeAsync(
        (string Name, Func<TailnetNode, string, int, int, CancellationToken, Task> Run, int MaxLength) exchange, SoakSite client, SoakSite server, int length, int seed)
    {
        if (client.Present is not { } from || server.Present is not { } to)
        {
            await Task.Delay(Pause, Stop);
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop, from.Leaves, to.Leaves);
        limit.CancelAfter(ExchangeLimit);
        try
        {
            await exchange.Run(from.Node, server.Name, length, seed, limit.Token);
            _counts.AddOrUpdate(exchange.Name, 1, (_, count) => count + 1);
        }
        catch (Exception) when (from.Leaves.IsCancellationRequested || to.Leaves.IsCancellationRequested)
        {
            _counts.AddOrUpdate("interrupted", 1, (_, count) => count + 1);
        }
        catch (Exception e)
        {
            _failures.Enqueue(new InvalidOperationException($"{exchange.Name} of {length} bytes (seed {seed}) from {client.Name} to {server.Name} failed.", e));
        }
    }

    /// <summary>All disturbances in a random order, again and again.</summary>
    private async Task DisturbAsync(Random random, Func<bool> isOver)
    {
        while (!isOver())
        {
            var order = Disturbances;
            random.Shuffle(order);
            foreach (var disturbance in order)
            {
                if (isOver())
                {
                    return;
                }

                try
                {
                    await disturbance.Run(random);
                    _counts.AddOrUpdate(disturbance.Name, 1, (_, count) => count + 1);
                }
                catch (Exception e)
                {
                    _failures.Enqueue(new InvalidOperationException($"After '{disturbance.Name}' the tailnet did not recover.", e));
                }

                await Task.Delay(Pause, Stop);
            }
        }
    }

    /// <summary>Whose key has expired has no right to anything, so connections end.</summary>
    private Task ChangeKeyAsync(Random random)
    {
        var site = Any(random);
        return site.InterruptAsync(async node =>
        {
            var before = node.NetworkMap!.Self.Key;
            Tailnet.Devices.Expire(Device(site.Name).NodeId);

            await Wait.UntilAsync("the node has another key", () => node.NetworkMap!.Self.Key != before && node.Status.State == TailnetNodeState.Running);
            var present = _sites.Select(other => other.Present?.Node).OfType<TailnetNode>().ToArray();
            await Wait.UntilAsync("its peers know it", () => Array.TrueForAll(present, peer => peer.NetworkMap!.FindNode(site.Name)?.Key == node.NetworkMap!.Self.Key));
        });
    }

    private async Task LeaveAndReturnAsync(Random random, bool relayOnly)
    {
        var site = Any(random);
        await site.LeaveAsync();
        await Task.Delay(random.Next((int)Pause.TotalMilliseconds), Stop);
        await site.ArriveAsync(relayOnly, Stop);
    }
}
