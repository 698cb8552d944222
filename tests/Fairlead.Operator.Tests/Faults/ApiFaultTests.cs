using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Faults;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>An API server that refuses what the operator asks.</summary>
public sealed partial class ApiFaultTests : FaultTest
{
    /// <summary>Everything the operator writes on the way up and down, by verb, resource, subresource and namespace.</summary>
    private static readonly RequestMatch[] Writes =
    [
        Write("patch", "services", "", User()),
        Write("patch", "services", "status", User()),
        Write("create", "services", "", Operators()),
        Write("create", "secrets", "", Operators()),
        Write("create", "statefulsets", "", Operators()),
        Write("delete", "statefulsets", "", Operators()),
        Write("delete", "secrets", "", Operators()),
        Write("delete", "services", "", Operators()),
    ];

    private static readonly string[] Watched = ["services", "secrets", "statefulsets", "pods", "proxyclasses"];

    [Theory]
    [InlineData(500, "InternalError", 1)]
    [InlineData(500, "InternalError", 2)]
    [InlineData(503, "ServiceUnavailable", 1)]
    [InlineData(503, "ServiceUnavailable", 2)]
    [InlineData(409, "Conflict", 1)]
    [InlineData(409, "Conflict", 2)]
    [InlineData(429, "TooManyRequests", 1)]
    [InlineData(429, "TooManyRequests", 2)]
    public async Task Every_write_may_be_refused_and_is_made_up_for(int code, string reason, int times)
    {
        var faults = Writes.Select(write => World.Cluster.Faults.Add(write, Refusal(code, reason), times: times)).ToList();
        World.StartOperator();
        var name = World.NewName();

        World.Services.CreateExposed(name);
        await World.UntilUpAsync(name);
        Assert.Single(World.Tailnet.Keys.Snapshot());
        await World.RemoveAsync(name);

        Assert.All(faults, fault => Assert.Equal(times, fault.Hits));
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(429, "TooManyRequests")]
    public async Task Lists_and_watches_may_be_refused_at_the_start_and_are_made_up_for(int code, string reason)
    {
        var faults = Watched
            .Select(resource => new RequestMatch { Verb = "watch", Resource = resource, UserAgent = OperatorWorld.OfOperators.UserAgent })
            .Select(watch => World.Cluster.Faults.Add(watch, Refusal(code, reason), times: 3)).ToList();
        var name = World.NewName();
        World.Services.CreateExposed(name);

        World.StartOperator();
        await World.UntilUpAsync(name);
        await World.RemoveAsync(name);

        Assert.All(faults, fault => Assert.Equal(3, fault.Hits));
    }

    [Fact]
    public async Task A_refusal_that_names_a_time_is_not_answered_before_it()
    {
        var match = Write("create", "statefulsets", "", Operators());
        var fault = World.Cluster.Faults.Add(match, new FaultEffect.Fail(429, "TooManyRequests", RetryAfterSeconds: 1));
        World.StartOperator();
        var name = World.NewName();
        World.Services.CreateExposed(name);

        await fault.FirstHit.WaitAsync(TestContext.Current.CancellationToken);
        var refused = TimeProvider.System.GetTimestamp();
        await World.UntilAsync("the StatefulSet is there", () => World.State.ChildrenOf(name, "apps", "statefulsets").Count == 1);

        // The server's clock started a little before ours.
        Assert.True(TimeProvider.System.GetElapsedTime(refused) > TimeSpan.FromSeconds(0.9));
        Assert.Equal(1, fault.Hits);
    }

    [Fact]
    public async Task A_key_whose_Secret_could_not_be_written_is_kept_for_the_next_try()
    {
        World.Cluster.Faults.Add(Write("create", "secrets", "", Operators()), new FaultEffect.CutBefore(), times: 5);
        World.StartOperator();
        var name = World.NewName();
        World.Services.CreateExposed(name);

        await World.UntilUpAsync(name);
        Assert.Single(World.Tailnet.Keys.Snapshot());
    }

    [Fact]
    public async Task A_ProxyGroup_that_cannot_be_looked_up_for_now_neither_changes_what_is_said_of_the_proxy_nor_holds_up_its_removal()
    {
        World.StartOperator();
        var name = World.NewName();
        World.Services.CreateExposed(name);
        await World.UntilUpAsync(name);

        var match = new RequestMatch { Verb = "get", Resource = "proxygroups", UserAgent = OperatorWorld.OfOperators.UserAgent };
        var fault = World.Cluster.Faults.Add(match, Refusal(500, "InternalError"), times: int.MaxValue);
        World.Services.Annotate(name, "tailscale.com/proxy-group", "edge");
        await World.UntilAsync("it is tried again and again", () => fault.Hits >= 4);

        Assert.True(ServiceScenario.IsUp(World.State.Of(name)));
        await World.RemoveAsync(name);
    }

    [Fact]
    public async Task A_token_that_is_no_longer_valid_is_read_again_from_its_file()
    {
        using var token = new RotatedToken(World.Cluster.CreateUser("first", "system:masters"));
        World.StartOperator(cluster: token.Source);
        var name = World.NewName();
        World.Services.CreateExposed(name);
        await World.UntilUpAsync(name);
        Assert.Equal("first", World.Requests.Users().Single());

        var before = World.Requests.Count;
        World.Cluster.Faults.Add(OperatorWorld.OfOperators, new FaultEffect.Fail(401, "Unauthorized"), times: Watched.Length);
        World.Cluster.Faults.CutWatches(OperatorWorld.OfOperators);
        token.Write(World.Cluster.CreateUser("second", "system:masters"));
        await World.RemoveAsync(name);

        Assert.Equal("second", World.Requests.Users(before).Single());
    }

    private static FaultEffect.Fail Refusal(int code, string reason) => new(code, reason, RetryAfterSeconds: code == 429 ? 0 : null);

    private static RequestMatch Write(string verb, string resource, string subresource, Regex @namespace) => new()
    {
        Verb = verb,
        Resource = resource,
        Subresource = subresource,
        Namespace = @namespace,
        UserAgent = OperatorWorld.OfOperators.UserAgent,
    };

    [GeneratedRegex($"^{OperatorWorld.UserNamespace}$")]
    private static partial Regex User();

    [GeneratedRegex($"^{OperatorWorld.OperatorNamespace}$")]
    private static partial Regex Operators();
}
