using System.Text.Json.Nodes;
using Fairlead.Operator.Hosting;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>Two replicas of which one works.</summary>
public sealed class ReplicaTests : FaultTest
{
    private const string Leases = "coordination.k8s.io";

    [Fact]
    public async Task A_standby_takes_over_from_a_leader_that_dies_and_only_one_of_them_writes()
    {
        var network = new CuttableCredentials(World.Cluster.CreateUser("first", "system:masters"));
        var first = StartReplica(network);
        var (name, other) = (World.NewName(), World.NewName());
        World.Services.CreateExposed(name);
        await World.UntilUpAsync(name);
        StartReplica(new CuttableCredentials(World.Cluster.CreateUser("second", "system:masters")));

        network.Cut();
        await first.KillAsync();
        World.Services.CreateExposed(other);
        World.Services.Delete(name);

        await World.UntilUpAsync(other);
        await World.UntilStateAsync("nothing is left", name, "");
        Assert.Equal(["first", "second"], WritersInOrder());
        Assert.Empty(World.Proxies.Refused);
    }

    [Fact]
    public async Task A_replica_that_stops_hands_over_at_once()
    {
        var first = StartReplica(new CuttableCredentials(World.Cluster.CreateUser("first", "system:masters")), TimeSpan.FromMinutes(10));
        var name = World.NewName();
        World.Services.CreateExposed(name);
        await World.UntilUpAsync(name);
        StartReplica(new CuttableCredentials(World.Cluster.CreateUser("second", "system:masters")), TimeSpan.FromMinutes(10));

        await first.StopAsync();
        await World.RemoveAsync(name);
        Assert.Equal(["first", "second"], WritersInOrder());
    }

    [Fact]
    public async Task A_lease_that_is_stolen_or_deleted_stops_the_work_until_it_is_won_again()
    {
        StartReplica(new CuttableCredentials(World.Cluster.CreateUser("first", "system:masters")));
        StartReplica(new CuttableCredentials(World.Cluster.CreateUser("second", "system:masters")));
        var (before, during, after) = (World.NewName(), World.NewName(), World.NewName());
        World.Services.CreateExposed(before);
        await World.UntilUpAsync(before);

        Steal();
        World.Services.CreateExposed(during);
        await World.UntilUpAsync(during);
        World.Cluster.Api.Delete(Leases, "leases", OperatorWorld.OperatorNamespace, OperatorHost.LeaseName);
        World.Services.CreateExposed(after);
        await World.UntilUpAsync(after);

        await World.RemoveAsync(before);
        await World.RemoveAsync(during);
        await World.RemoveAsync(after);
        Assert.Empty(World.Proxies.Refused);
        Assert.Empty(World.Tailnet.Devices.Snapshot());
    }

    private RunningOperator StartReplica(CuttableCredentials credentials, TimeSpan? leaseDuration = null) => World.StartOperator(
        process => process with
        {
            LeaderElection = true,
            LeaseDuration = leaseDuration ?? TimeSpan.FromSeconds(3),
            LeaseRenewDeadline = TimeSpan.FromSeconds(2),
            LeaseRetryPeriod = TimeSpan.FromMilliseconds(200),
        },
        credentials);

    private void Steal()
    {
        while (true)
        {
            var lease = World.Cluster.Api.Get(Leases, "leases", OperatorWorld.OperatorNamespace, OperatorHost.LeaseName)!;
            lease["spec"] = new JsonObject
            {
                ["holderIdentity"] = "thief",
                ["leaseDurationSeconds"] = 1,
                ["renewTime"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            };
            try
            {
                World.Cluster.Api.Update(Leases, "leases", OperatorWorld.OperatorNamespace, lease);
                return;
            }
            catch (Dev.Cluster.Api.ApiStatusException e) when (e.Code == 409)
            {
                // The holder renewed it in between.
            }
        }
    }

    /// <summary>Who wrote, each time it changed; the lease itself and Events aside.</summary>
    private List<string> WritersInOrder()
    {
        var writers = new List<string>();
        foreach (var write in World.Requests.Writes().Where(write => !write.Contains("/leases", StringComparison.Ordinal) && !write.Contains("/events", StringComparison.Ordinal)))
        {
            var writer = write.Split(' ')[2];
            if (writers.Count == 0 || writers[^1] != writer)
            {
                writers.Add(writer);
            }
        }

        return writers;
    }
}
