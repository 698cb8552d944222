using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Tests.Informers;

namespace Fairlead.Kubernetes.Tests.Reconciling;

public sealed class PlanApplierTests : IAsyncLifetime
{
    private ApplierWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ObjectKey ChildKey => new(_world.Namespace, "child");

    private ResourceClient<ConfigMap> ConfigMaps => _world.For(KubernetesResources.ConfigMaps);

    public async ValueTask InitializeAsync() => _world = await ApplierWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_a_call_returned_waits_for_the_write_that_stores_it()
    {
        _world.Faults.Add(new RequestMatch { Verb = "create", Resource = "configmaps" }, new FaultEffect.Fail(500, "InternalError"), times: 2);
        PlanStep[] steps = [new CallStep(new MintCall("child"), "key"), Store("key", null)];

        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync([.. steps])).Outcome);
        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync([.. steps])).Outcome);
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync([.. steps])).Outcome);

        Assert.Equal(1, _world.Calls.Made);
        Assert.Equal("minted-1", (await ConfigMaps.GetAsync(ChildKey, Cancelled)).Data!["key"]);
    }

    [Fact]
    public async Task What_has_been_stored_is_not_handed_out_again()
    {
        PlanStep[] steps = [new CallStep(new MintCall("child"), "key"), Store("key", null)];
        await _world.ApplyAsync([.. steps]);
        await ConfigMaps.DeleteAsync(ChildKey, cancellationToken: Cancelled);
        await _world.ApplyAsync([.. steps]);

        Assert.Equal(2, _world.Calls.Made);
        Assert.Equal("minted-2", (await ConfigMaps.GetAsync(ChildKey, Cancelled)).Data!["key"]);
    }

    [Fact]
    public async Task What_found_its_place_taken_is_given_back_once_the_plan_shows_it()
    {
        // A view that lags shows no child, so that the plan has another value minted for it.
        var present = await ConfigMaps.CreateAsync(Child() with { Data = new Dictionary<string, string> { ["key"] = "earlier" } }, cancellationToken: Cancelled);
        PlanStep[] late = [new CallStep(new MintCall("child"), "key"), Store("key", null)];
        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync([.. late])).Outcome);
        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync([.. late])).Outcome);
        Assert.Empty(_world.Calls.Discarded);

        _world.Calls.DiscardFailure = new InvalidOperationException("not now");
        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync([])).Outcome);
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync([])).Outcome);
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync([])).Outcome);

        Assert.Equal(1, _world.Calls.Made);
        Assert.Equal(["minted-1"], _world.Calls.Discarded);
        Assert.Equal(present.Metadata.ResourceVersion, (await ConfigMaps.GetAsync(ChildKey, Cancelled)).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task What_was_stored_although_the_answer_got_lost_is_not_given_back()
    {
        _world.Faults.Add(new RequestMatch { Verb = "create", Resource = "configmaps" }, new FaultEffect.CutAfter());

        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync(new CallStep(new MintCall("child"), "key"), Store("key", null))).Outcome);
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync([])).Outcome);

        Assert.Empty(_world.Calls.Discarded);
    }

    [Fact]
    public async Task What_a_lost_write_stored_is_not_handed_out_in_a_later_term_of_leading()
    {
        _world.Faults.Add(new RequestMatch { Verb = "create", Resource = "configmaps" }, new FaultEffect.CutAfter());
        PlanStep[] steps = [new CallStep(new MintCall("child"), "key"), Store("key", null)];
        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync([.. steps])).Outcome);
        await _world.EndTermAsync();

        // Another leader sees the value used, and the object deleted to have a new one.
        await ConfigMaps.DeleteAsync(ChildKey, cancellationToken: Cancelled);
        await _world.ApplyAsync([.. steps]);

        Assert.Equal("minted-2", (await ConfigMaps.GetAsync(ChildKey, Cancelled)).Data!["key"]);
        Assert.Empty(_world.Calls.Discarded);
    }

    [Fact]
    public async Task What_was_not_stored_is_given_back_at_the_end_of_a_term_of_leading_whatever_fails()
    {
        _world.Faults.Add(new RequestMatch { Verb = "create", Resource = "configmaps" }, new FaultEffect.Fail(500, "InternalError"), times: 2);
        await _world.ApplyAsync(new CallStep(new MintCall("one"), "key"), Store("key", null));
        await _world.ApplyAsync(new CallStep(new MintCall("one"), "key"), new CallStep(new MintCall("other"), "other"), Store("key", null));

        _world.Calls.DiscardFailure = new InvalidOperationException("not now");
        await _world.EndTermAsync();
        await _world.EndTermAsync();

        Assert.Single(_world.Calls.Discarded);
    }

    [Fact]
    public async Task A_deleted_object_that_somebody_holds_by_a_finalizer_not_yet_seen_stays_in_view()
    {
        var seen = await CreateChildAsync();
        await _world.ObserveChildrenAsync();
        await ConfigMaps.PatchAsync(ChildKey, Patch.Merge("""{"metadata":{"finalizers":["example.com/late"]}}"""u8.ToArray()), cancellationToken: Cancelled);

        await _world.ApplyAsync(new DeleteStep<ConfigMap>(KubernetesResources.ConfigMaps, seen));
        Assert.NotNull(_world.Observed(ChildKey)?.Metadata.DeletionTimestamp);

        await ConfigMaps.PatchAsync(ChildKey, Patch.Merge("""{"metadata":{"finalizers":null}}"""u8.ToArray()), cancellationToken: Cancelled);
        await Until.TrueAsync("the child is gone", () => _world.Observed(ChildKey) is null);
    }

    [Fact]
    public async Task Steps_after_a_failed_one_do_not_run_and_the_status_tells_which_it_was()
    {
        _world.Faults.Add(new RequestMatch { Verb = "create", Resource = "configmaps" }, new FaultEffect.Fail(500, "InternalError", "disk full"));
        var seen = await _world.ParentAsync();
        var result = await _world.ApplyAsync(new ReconcilePlan<Service>
        {
            Steps = [Store("key", "value"), new CallStep(new MintCall("later"))],
            Status = outcome => With(seen, "False", $"{outcome.Failure?.Step.Description}: {outcome.Failure?.Error.Message}"),
        });

        Assert.Equal(ReconcileOutcome.Retried, result.Outcome);
        Assert.Equal(0, _world.Calls.Made);
        var condition = Assert.Single((await _world.ParentAsync()).Status!.Conditions!);
        Assert.StartsWith($"apply ConfigMap {ChildKey}: ", condition.Message, StringComparison.Ordinal);
        Assert.Contains("disk full", condition.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finalizers_come_and_go_beside_those_of_others()
    {
        await AnnotateAsync(parent => parent with { Finalizers = ["example.com/other"] });

        await _world.ApplyAsync(new FinalizerStep("example.com/mine", Present: true));
        Assert.Equal(["example.com/other", "example.com/mine"], (await _world.ParentAsync()).Metadata.Finalizers!);
        await _world.ApplyAsync(new FinalizerStep("example.com/mine", Present: false));
        Assert.Equal(["example.com/other"], (await _world.ParentAsync()).Metadata.Finalizers!);

        var patches = _world.Count("patch");
        await _world.ApplyAsync(new FinalizerStep("example.com/mine", Present: false));
        Assert.Equal(0, patches.Hits);
    }

    [Fact]
    public async Task A_finalizer_can_travel_with_the_status_and_is_written_alone_when_there_is_none()
    {
        await AnnotateAsync(parent => parent with { Finalizers = ["example.com/other"] });
        var seen = await _world.ParentAsync();
        var patches = _world.Count("patch");

        await _world.ApplyAsync(
            new ReconcilePlan<Service>
            {
                Steps = [new FinalizerStep("example.com/mine", Present: true) { WithNextWrite = true }],
                Status = _ => With(seen, "True", "fine"),
            },
            seen);

        Assert.Equal(1, patches.Hits);
        var parent = await _world.ParentAsync();
        Assert.Equal(["example.com/other", "example.com/mine"], parent.Metadata.Finalizers!);
        Assert.Equal("fine", Assert.Single(parent.Status!.Conditions!).Message);

        await _world.ApplyAsync(new FinalizerStep("example.com/third", Present: true) { WithNextWrite = true });
        Assert.Equal(["example.com/other", "example.com/mine", "example.com/third"], (await _world.ParentAsync()).Metadata.Finalizers!);
        Assert.Equal(2, patches.Hits);
    }

    [Theory]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    [InlineData(422, "Invalid")]
    [InlineData(500, "InternalError")]
    public async Task A_status_that_is_refused_does_not_keep_the_finalizer_off(int status, string reason)
    {
        var seen = await _world.ParentAsync();
        _world.Faults.Add(
            new RequestMatch { Verb = "patch", Resource = "services", Subresource = "status" }, new FaultEffect.Fail(status, reason), times: int.MaxValue);

        var result = await _world.ApplyAsync(
            new ReconcilePlan<Service>
            {
                Steps = [Store("key", "value"), new FinalizerStep("example.com/mine", Present: true) { WithNextWrite = true }],
                Status = _ => With(seen, "True", "fine"),
            },
            seen);

        Assert.Equal(["example.com/mine"], (await _world.ParentAsync()).Metadata.Finalizers ?? []);
        Assert.Equal(status == 404 ? ReconcileOutcome.Done : ReconcileOutcome.Retried, result.Outcome);
    }

    [Fact]
    public async Task A_type_whose_status_takes_no_metadata_gets_its_finalizer_with_a_write_of_its_own()
    {
        await using var sites = await DefinedSites.DefineAsync(_world);
        var seen = await sites.CreateAsync("shop");

        var result = await _world.ApplyAsync(DefinedSites.Type, seen, new ReconcilePlan<Site>
        {
            Steps = [new FinalizerStep("example.com/mine", Present: true) { WithNextWrite = true }],
            Status = _ => seen with { Status = new SiteStatus { Phase = "Open" } },
        });

        Assert.Equal(ReconcileResult.Done, result);
        var site = await sites.GetAsync("shop");
        Assert.Equal(["example.com/mine"], site.Metadata.Finalizers ?? []);
        Assert.Equal("Open", site.Status?.Phase);
    }

    [Fact]
    public async Task A_parent_that_somebody_else_changed_is_left_alone_and_looked_at_again()
    {
        var seen = await _world.ParentAsync();
        await AnnotateAsync(parent => parent with { Finalizers = ["example.com/other"] });

        var result = await _world.ApplyAsync(
            new ReconcilePlan<Service>
            {
                Steps = [new FinalizerStep("example.com/mine", Present: true)],
                Status = _ => With(seen, "True", "fine"),
            },
            seen);

        Assert.Equal(ReconcileOutcome.Retried, result.Outcome);
        var parent = await _world.ParentAsync();
        Assert.Equal(["example.com/other"], parent.Metadata.Finalizers!);
        Assert.Null(parent.Status?.Conditions);
    }

    [Fact]
    public async Task A_status_is_written_where_it_differs_and_nowhere_else()
    {
        var seen = await _world.ParentAsync();
        await _world.ApplyAsync(new ReconcilePlan<Service> { Status = _ => With(seen, "True", "fine") });
        seen = await _world.ParentAsync();
        await _world.Parents.UpdateAsync(
            seen with { Status = seen.Status! with { LoadBalancer = new LoadBalancerStatus { Ingress = [new LoadBalancerIngress { Ip = "192.0.2.1" }] } } },
            new WriteOptions { Subresource = "status" },
            Cancelled);
        var patches = _world.Count("patch");

        var settled = await _world.ParentAsync();
        await _world.ApplyAsync(new ReconcilePlan<Service> { Status = _ => settled });
        Assert.Equal(0, patches.Hits);

        // The server fills ipMode into the entry; that the plan does not know it is no difference.
        var wanted = With(settled, "False", "broken") with
        {
            Status = With(settled, "False", "broken").Status! with
            {
                LoadBalancer = new LoadBalancerStatus { Ingress = [new LoadBalancerIngress { Ip = "192.0.2.1" }] },
            },
        };
        await _world.ApplyAsync(new ReconcilePlan<Service> { Status = _ => wanted });
        Assert.Equal(1, patches.Hits);
        var after = await _world.ParentAsync();
        Assert.Equal("broken", Assert.Single(after.Status!.Conditions!).Message);
        Assert.Equal("192.0.2.1", Assert.Single(after.Status.LoadBalancer!.Ingress!).Ip);
    }

    [Fact]
    public async Task A_delete_that_met_a_conflict_fails_while_the_object_is_there()
    {
        var child = await CreateChildAsync();
        _world.Faults.Add(new RequestMatch { Verb = "delete" }, new FaultEffect.Fail(409, "Conflict"));
        var delete = new DeleteStep<ConfigMap>(KubernetesResources.ConfigMaps, child);

        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync(delete, new CallStep(new MintCall("later")))).Outcome);
        Assert.Equal(0, _world.Calls.Made);
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync(delete)).Outcome);
        Assert.Null(await ConfigMaps.TryGetAsync(ChildKey, Cancelled));
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync(delete)).Outcome);
    }

    [Fact]
    public async Task A_delete_spares_a_later_object_of_the_name()
    {
        var child = await CreateChildAsync();
        await ConfigMaps.TryDeleteAsync(ChildKey, cancellationToken: Cancelled);
        var later = await CreateChildAsync();

        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync(new DeleteStep<ConfigMap>(KubernetesResources.ConfigMaps, child))).Outcome);
        Assert.Equal(later.Metadata.Uid, (await ConfigMaps.GetAsync(ChildKey, Cancelled)).Metadata.Uid);
    }

    [Fact]
    public async Task A_delete_that_is_only_wished_for_does_not_end_the_run_where_the_right_is_missing()
    {
        var child = await CreateChildAsync();
        _world.Faults.Add(new RequestMatch { Verb = "delete" }, new FaultEffect.Fail(403, "Forbidden"), times: 2);
        var delete = new DeleteStep<ConfigMap>(KubernetesResources.ConfigMaps, child);

        Assert.Equal(ReconcileOutcome.Retried, (await _world.ApplyAsync(delete, new CallStep(new MintCall("later")))).Outcome);
        Assert.Equal(ReconcileOutcome.Done, (await _world.ApplyAsync(delete with { IfPermitted = true }, new CallStep(new MintCall("later")))).Outcome);

        Assert.Equal(1, _world.Calls.Made);
        Assert.NotNull(await ConfigMaps.TryGetAsync(ChildKey, Cancelled));
    }

    private static Service With(Service parent, string status, string message) => parent with
    {
        Status = (parent.Status ?? new ServiceStatus()) with { Conditions = [new Condition { Type = "Ready", Status = status, Reason = "R", Message = message, LastTransitionTime = DateTimeOffset.UnixEpoch }] },
    };

    /// <summary>Stores a value, or the result in the slot of the same name, under a key of the child.</summary>
    private ApplyStep<ConfigMap> Store(string key, string? value) => new(
        KubernetesResources.ConfigMaps,
        ChildKey,
        results => Child() with { Data = new Dictionary<string, string> { [key] = value ?? results.Get<string>(key) } },
        null)
    {
        Stores = value is null ? key : null,
        Holds = (child, result) => child.Data?.GetValueOrDefault(key) == (string)result,
    };

    private ConfigMap Child() => new()
    {
        ApiVersion = "v1",
        Kind = "ConfigMap",
        Metadata = new ObjectMeta { Namespace = ChildKey.Namespace, Name = ChildKey.Name },
    };

    private Task<ConfigMap> CreateChildAsync() => ConfigMaps.CreateAsync(Child(), cancellationToken: Cancelled);

    private async Task AnnotateAsync(Func<ObjectMeta, ObjectMeta> change)
    {
        var parent = await _world.ParentAsync();
        await _world.Parents.UpdateAsync(parent with { Metadata = change(parent.Metadata) }, cancellationToken: Cancelled);
    }
}
