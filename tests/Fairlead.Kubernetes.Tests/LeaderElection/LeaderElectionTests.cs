using System.Collections.Concurrent;
using System.Diagnostics;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.LeaderElection;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Coordination;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Tests.Controllers;
using Fairlead.Kubernetes.Tests.Informers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.LeaderElection;

public sealed class LeaderElectionTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private RuntimeCluster _cluster = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ObjectKey Key => new(_cluster.System, "the-lease");

    private ResourceClient<Lease> Leases => _cluster.Client.For(KubernetesResources.Leases);

    public async ValueTask InitializeAsync() => _cluster = await RuntimeCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_standby_takes_over_as_soon_as_the_leader_stops_although_the_lease_is_long()
    {
        using var stopFirst = new CancellationTokenSource();
        var first = Compete("first", Options("first", TimeSpan.FromMinutes(5)), stopFirst.Token);
        await Until.TrueAsync("first leads", () => first.IsLeading);
        var second = Compete("second", Options("second", TimeSpan.FromMinutes(5)), _stop.Token);
        await Until.TrueAsync("second knows the leader", () => second.Holder == "first");
        Assert.False(second.IsLeading);

        await stopFirst.CancelAsync();
        await Until.TrueAsync("second leads", () => second.IsLeading && _log.Count == 3);

        Assert.Equal(["first starts", "first ends", "second starts"], _log);
        var spec = (await Leases.GetAsync(Key, Cancelled)).Spec!;
        Assert.Equal(("second", 300, 1), (spec.HolderIdentity, spec.LeaseDurationSeconds, spec.LeaseTransitions));
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_stops_working_before_the_standby_starts()
    {
        var credentials = _cluster.Credentials();
        var first = Compete("first", Options("first"), _stop.Token, _cluster.Connect(credentials));
        await Until.TrueAsync("first leads", () => first.IsLeading);
        var second = Compete("second", Options("second"), _stop.Token);
        await Until.TrueAsync("second knows the leader", () => second.Holder == "first");

        credentials.IsCutOff = true;
        await Until.TrueAsync("second works", () => second.IsLeading && _log.Contains("second starts"));

        // On a busy machine a term may have ended early; what must never be is two at work at a time.
        Assert.Equal(Enumerable.Range(0, _log.Count).Select(i => i % 2 == 0 ? "starts" : "ends"), _log.Select(entry => entry.Split(' ')[1]));
        Assert.False(first.IsLeading);
        credentials.IsCutOff = false;
        await Until.TrueAsync("first has learnt of its successor", () => first.Holder == "second");
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2100-01-01T00:00:00Z")]
    public async Task A_dead_holders_lease_is_taken_after_its_duration_by_our_clock_whatever_its_clock_said(string renewed)
    {
        await Leases.CreateAsync(Lease("dead", DateTimeOffset.Parse(renewed, null), seconds: 1), cancellationToken: Cancelled);
        var started = Stopwatch.GetTimestamp();

        var elector = Compete("heir", Options("heir"), _stop.Token);
        await Until.TrueAsync("the heir leads", () => elector.IsLeading);

        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_lease_that_someone_else_took_ends_the_term()
    {
        var elector = Compete("first", Options("first"), _stop.Token);
        await Until.TrueAsync("first leads", () => elector.IsLeading);

        await TakeByForceAsync("usurper");
        await Until.TrueAsync("first ends", () => _log.Contains("first ends"));

        await Until.TrueAsync("first leads again once the usurper is silent", () => _log.Count >= 3);
    }

    [Fact]
    public async Task A_deleted_lease_is_created_again_within_the_term()
    {
        var elector = Compete("first", Options("first", TimeSpan.FromMinutes(5)), _stop.Token);
        await Until.TrueAsync("first leads", () => elector.IsLeading);
        var uid = (await Leases.GetAsync(Key, Cancelled)).Metadata.Uid;

        await Leases.DeleteAsync(Key, cancellationToken: Cancelled);
        Lease? again = null;
        await Until.TrueAsync("a new lease", () => (again = Leases.TryGetAsync(Key, Cancelled).GetAwaiter().GetResult()) is not null);

        Assert.NotEqual(uid, again!.Metadata.Uid);
        Assert.True(elector.IsLeading);
        Assert.Equal(["first starts"], _log);
    }

    [Fact]
    public async Task A_leader_whose_credentials_are_gone_stops_in_order_all_the_same()
    {
        using var stopFirst = new CancellationTokenSource();
        var credentials = _cluster.Credentials();
        var first = Compete("first", Options("first", TimeSpan.FromMinutes(5)), stopFirst.Token, _cluster.Connect(credentials));
        await Until.TrueAsync("first leads", () => first.IsLeading);

        credentials.Failure = new CredentialException("The token file x is empty.");
        await stopFirst.CancelAsync();

        await _running[0];
        Assert.Equal(["first starts", "first ends"], _log);
    }

    [Fact]
    public void Durations_that_do_not_fit_together_are_refused()
    {
        var options = Options("x") with { RenewDeadline = TimeSpan.FromSeconds(20) };

        var error = Assert.Throws<ArgumentException>(() => new LeaderElector(_cluster.Client, options, NullLoggerFactory.Instance));

        Assert.Contains("LeaseDuration", error.Message, StringComparison.Ordinal);
    }

    private LeaderElectionOptions Options(string identity, TimeSpan? duration = null) => new()
    {
        Namespace = Key.Namespace,
        Name = Key.Name,
        Identity = identity,
        LeaseDuration = duration ?? TimeSpan.FromSeconds(1),
        RenewDeadline = (duration ?? TimeSpan.FromSeconds(1)) * 0.6,
        RetryPeriod = TimeSpan.FromMilliseconds(50),
    };

    private Lease Lease(string holder, DateTimeOffset renewed, int seconds) => new()
    {
        ApiVersion = "coordination.k8s.io/v1",
        Kind = "Lease",
        Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name },
        Spec = new LeaseSpec { HolderIdentity = holder, AcquireTime = renewed, RenewTime = renewed, LeaseDurationSeconds = seconds },
    };

    private LeaderElector Compete(string name, LeaderElectionOptions options, CancellationToken stopping, KubernetesClient? client = null)
    {
        var elector = new LeaderElector(client ?? _cluster.Connect(), options, NullLoggerFactory.Instance);
        _running.Add(Task.Run(() => elector.RunAsync(
            async term =>
            {
                _log.Enqueue($"{name} starts");
                using var either = CancellationTokenSource.CreateLinkedTokenSource(term, stopping);
                await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _log.Enqueue($"{name} ends");
            },
            stopping)));
        return elector;
    }

    private async Task TakeByForceAsync(string holder)
    {
        while (true)
        {
            try
            {
                var current = await Leases.GetAsync(Key, Cancelled);
                await Leases.UpdateAsync(current with { Spec = current.Spec! with { HolderIdentity = holder } }, cancellationToken: Cancelled);
                return;
            }
            catch (KubernetesApiException renewedMeanwhile) when (renewedMeanwhile.IsConflict)
            {
                // The holder renewed in between; once more.
            }
        }
    }
}
