using System.Text.RegularExpressions;
using Fairlead.Dev.Cluster.Faults;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>Watches that break, fall silent, or come back too late.</summary>
public sealed partial class WatchFaultTests : FaultTest
{
    [Fact]
    public async Task Watches_that_are_cut_again_and_again_lose_nothing()
    {
        World.StartOperator();
        var names = Enumerable.Range(0, 8).Select(_ => World.NewName()).ToList();
        foreach (var name in names)
        {
            World.Services.CreateExposed(name);
            World.Cluster.Faults.CutWatches(OperatorWorld.OfOperators);
        }

        foreach (var name in names)
        {
            await World.UntilUpAsync(name);
        }

        foreach (var name in names)
        {
            World.Services.Delete(name);
            World.Cluster.Faults.CutWatches(OperatorWorld.OfOperators);
        }

        foreach (var name in names)
        {
            await World.UntilStateAsync("nothing is left", name, "");
        }
    }

    [Fact]
    public async Task A_watch_that_says_nothing_any_more_is_replaced()
    {
        World.StartOperator(process => process with { Informers = process.Informers with { SilenceTimeout = TimeSpan.FromMilliseconds(400) } });
        var (name, other) = (World.NewName(), World.NewName());
        World.Services.CreateExposed(name);
        await World.UntilUpAsync(name);

        // Those that began with the list, that is, the first ones; what is opened in their place speaks.
        using var silence = World.Cluster.Faults.SilenceWatches(
            new RequestMatch { Verb = "watch", UserAgent = OperatorWorld.OfOperators.UserAgent, Query = StreamingList() });
        World.Services.CreateExposed(other);
        await World.UntilUpAsync(other);
        await World.RemoveAsync(name);
    }

    [Fact]
    public async Task What_was_deleted_while_history_was_lost_is_noticed()
    {
        World.StartOperator();
        var (damaged, removed, added) = (World.NewName(), World.NewName(), World.NewName());
        World.Services.CreateExposed(damaged);
        World.Services.CreateExposed(removed);
        await World.UntilUpAsync(damaged);
        await World.UntilUpAsync(removed);

        var back = new TaskCompletionSource();
        var watches = new RequestMatch { Verb = "watch", UserAgent = OperatorWorld.OfOperators.UserAgent };
        var hold = World.Cluster.Faults.Add(watches, new FaultEffect.Hold(back.Task), times: 1000);
        World.Cluster.Faults.CutWatches(watches);
        await hold.FirstHit.WaitAsync(TestContext.Current.CancellationToken);
        foreach (var child in World.State.ChildrenOf(damaged, "apps", "statefulsets").Concat(World.State.ChildrenOf(damaged, "", "services")))
        {
            var plural = (string?)child["kind"] == "StatefulSet" ? ("apps", "statefulsets") : ("", "services");
            World.Cluster.Api.Delete(plural.Item1, plural.Item2, OperatorWorld.OperatorNamespace, (string)child["metadata"]!["name"]!);
        }

        World.Services.Delete(removed);
        World.Services.CreateExposed(added);
        World.Cluster.CompactHistory();
        back.SetResult();

        await World.UntilUpAsync(added);
        await World.UntilStateAsync("nothing is left", removed, "");
        await World.UntilUpAsync(damaged);
    }

    [Fact]
    public async Task Objects_that_change_while_slow_pages_are_listed_are_not_lost()
    {
        var names = Enumerable.Range(0, 7).Select(_ => World.NewName()).ToList();
        names.ForEach(World.Services.CreateExposed);
        var pages = World.Cluster.Faults.Add(
            new RequestMatch { Verb = "list", UserAgent = OperatorWorld.OfOperators.UserAgent, Query = LaterPage() },
            new FaultEffect.Delay(TimeSpan.FromMilliseconds(150)),
            times: 1000);

        World.StartOperator(process => process with { Informers = process.Informers with { StreamingList = false, PageSize = 2 } });
        await pages.FirstHit.WaitAsync(TestContext.Current.CancellationToken);
        World.Services.Delete(names[0]);
        World.Services.Annotate(names[1], "tailscale.com/expose", null);
        World.Services.Delete(names[6]);
        var added = World.NewName();
        World.Services.CreateExposed(added);

        foreach (var name in names[2..6].Append(added))
        {
            await World.UntilUpAsync(name);
        }

        await World.UntilStateAsync("nothing was made or is left", names[0], "");
        await World.UntilStateAsync("nothing was made or is left", names[6], "");
        await World.UntilAsync("nothing was made or is left", () => World.State.Of(names[1]).Split('\n').Length == 2);
    }

    [GeneratedRegex("sendInitialEvents=true")]
    private static partial Regex StreamingList();

    [GeneratedRegex("continue=")]
    private static partial Regex LaterPage();
}
