using Fairlead.Dev.Tailnet.Access;
using Fairlead.DevEnvironments;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Operator.Configuration;
using Fairlead.Tailscale.Authentication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>Two replicas of the operator, of which one works.</summary>
public sealed class FailoverTests
{
    /// <summary>Short, so that the test is; long enough for a busy machine to renew in time.</summary>
    private static readonly ProcessSettings Replica = new()
    {
        Identity = "",
        LeaderElection = true,
        LeaseDuration = TimeSpan.FromSeconds(6),
        LeaseRenewDeadline = TimeSpan.FromSeconds(4),
        LeaseRetryPeriod = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task The_second_operator_takes_over_from_one_that_is_cut_off_while_Services_are_used_and_being_exposed()
    {
        await using var environment = await TrafficEnvironment.StartAsync();
        await using var link = new CuttableLink(environment.Parts.Cluster.Url);
        await using var app = environment.StartApp("web");
        await using var first = await StartBehindAsync(environment, link);
        await HolderAsync(environment, "first");
        await using var second = environment.Parts.StartOperator(Replica with { Identity = "second" });
        await environment.CreateServiceAsync("web", app, ("tailscale.com/expose", "true"));
        await environment.RunningAsync("web", "default-web");
        await using var transfer = await environment.TransferAsync("default-web");
        await transfer.GoesOnAsync();

        // In the middle of its work, for the cluster as if it were killed: it gives nothing up and tells nobody.
        for (var i = 0; i < 3; i++)
        {
            await environment.CreateServiceAsync($"next-{i}", app, ("tailscale.com/expose", "true"));
        }

        await link.CutAsync();
        await transfer.GoesOnAsync();
        await HolderAsync(environment, "second");

        for (var i = 0; i < 3; i++)
        {
            await environment.RunningAsync($"next-{i}", $"default-next-{i}");
            Assert.StartsWith("web ", await TrafficEnvironment.AskAsync(environment.Laptop, $"default-next-{i}"), StringComparison.Ordinal);
        }

        await transfer.GoesOnAsync();
        Assert.Equal(5, environment.Parts.Tailnet.Devices.Snapshot().Count);
    }

    private static async Task<DevOperator> StartBehindAsync(TrafficEnvironment environment, CuttableLink link)
    {
        var parts = environment.Parts;
        var kubeconfig = parts.Kubeconfig + "-first";
        var text = await File.ReadAllTextAsync(parts.Kubeconfig);
        await File.WriteAllTextAsync(kubeconfig, text.Replace(Authority(parts.Cluster.Url), Authority(link.Url), StringComparison.Ordinal));
        var credentials = parts.Tailnet.Clients.AddOAuthClient(Scopes.Operator, ["tag:k8s-operator"]);
        return new DevOperator(
            parts.Settings, Replica with { Identity = "first" }, ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = kubeconfig }),
            OAuthClientCredentials.FromValues(credentials.Id, credentials.Secret!), NullLoggerFactory.Instance);
    }

    private static string Authority(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static Task HolderAsync(TrafficEnvironment environment, string identity) => environment.UntilAsync(
        $"the operator {identity} leads", "coordination.k8s.io", "leases",
        () => environment.Api.List("coordination.k8s.io", "leases", TrafficEnvironment.ProxyNamespace).Any(lease => (string?)lease["spec"]?["holderIdentity"] == identity));
}
