using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Plans what one Service needs: its proxy, the proxy's removal, or just a word on why there is none.</summary>
public static class ServiceProxyPlan
{
    /// <summary>On Services while something of theirs must be cleaned up. Wire contract.</summary>
    public const string Finalizer = "tailscale.com/finalizer";

    private static readonly ReconcilePlan<Service> Nothing = new();

    public static ReconcilePlan<Service> For(ServiceSnapshot snapshot)
    {
        var service = snapshot.Service;
        if (ServiceProxyMode.BelongsToProxyGroup(service))
        {
            return HandOver(snapshot);
        }

        var target = ServiceProxyMode.TargetOf(service, snapshot.Settings);
        if (target is null || service.Metadata.DeletionTimestamp is not null)
        {
            return CleanUp(snapshot);
        }

        // Even if the Service asks for something impossible now: a removal that has begun must end.
        if (IsBeingRemoved(snapshot))
        {
            return Replace(snapshot);
        }

        if (Refusal(snapshot) is { } refusal)
        {
            return refusal;
        }

        // The selectors of an earlier Service's objects cannot be changed.
        return ProxyOwnership.AreOfEarlierParent(snapshot.Children, service.Metadata.Uid ?? "") ? Replace(snapshot)
            : snapshot.Children.Ambiguity("Service") is { } ambiguity ? Refuse(snapshot, ServiceConditions.Failed, null, ambiguity)
            : Provision(snapshot, target);
    }

    /// <summary>
    /// For a Service that has been given to a ProxyGroup: removes the proxy of its own that it had before, as it would serve on beside
    /// the group's with nobody to keep it; not before the group's serves. Everything else about the Service is the group's controllers' business.
    /// </summary>
    private static ReconcilePlan<Service> HandOver(ServiceSnapshot snapshot)
    {
        var service = snapshot.Service;
        if (snapshot.Children.IsEmpty && !HasConditions(service))
        {
            return Nothing;
        }

        return service.Metadata.DeletionTimestamp is null && !snapshot.Children.IsEmpty && !IsBeingRemoved(snapshot)
            && ProxyGroupHandOver.WaitsFor(snapshot) is { } wait
                ? Refuse(snapshot, wait.Reason, wait.EventReason, $"{wait.Message}. Until then the Service's own proxy stays as it is") with
                {
                    Steps = HasFinalizer(service) ? [] : [new FinalizerStep(Finalizer, Present: true) { WithNextWrite = true }],
                    RequeueAfter = wait.LookAgainAfter,
                }
                : CleanUp(snapshot);
    }

    /// <summary>The plan for a Service that gets no proxy, or not yet; null when nothing stands against one.</summary>
    private static ReconcilePlan<Service>? Refusal(ServiceSnapshot snapshot)
    {
        var settings = snapshot.Settings;
        if (FirewallMode.Violation(settings) is { } violation)
        {
            return Refuse(snapshot, ServiceConditions.Invalid, ServiceConditions.InvalidConfigEvent, violation);
        }

        var violations = ServiceValidation.Violations(snapshot.Service, settings);
        if (violations.Length > 0)
        {
            return Refuse(snapshot, ServiceConditions.Invalid, ServiceConditions.InvalidServiceEvent,
                $"unable to provision a proxy: invalid Service: {string.Join(", ", violations)}");
        }

        return snapshot.ProxyClass switch
        {
            { Problem: ProxyClassProblem.Missing } missing => Refuse(
                snapshot, ServiceConditions.Failed, null, missing.Explanation(ServiceAnnotations.ProxyClass)),
            { Problem: ProxyClassProblem.Unknown } unknown => AwaitClasses(snapshot, unknown),
            { Problem: ProxyClassProblem.NotReady } notReady => Refuse(
                snapshot, ServiceConditions.Pending, null, notReady.Explanation(ServiceAnnotations.ProxyClass)),
            _ => null,
        };
    }

    /// <summary>
    /// Until it is known whether the class exists. An operator that has just started does not call a proxy in use into question because of
    /// that, nor a new one before there is a reason.
    /// </summary>
    private static ReconcilePlan<Service> AwaitClasses(ServiceSnapshot snapshot, ProxyClassChoice unknown)
    {
        var ready = Condition(snapshot, ServiceConditions.ProxyReady);
        var plan = unknown.Obstacle is null || ready is { Status: "True" }
            ? Nothing
            : Refuse(
                snapshot, ServiceConditions.Pending, null,
                unknown.SettledExplanation(ready, ServiceConditions.Pending));
        return plan with { RequeueAfter = ProxyClassChoice.LookAgainAfter };
    }

    private static ReconcilePlan<Service> Refuse(ServiceSnapshot snapshot, string reason, string? eventReason, string message)
    {
        var known = snapshot.Service.Status?.Conditions?.Any(condition =>
            condition is { Type: ServiceConditions.ProxyReady, Status: "False" } && condition.Reason == reason && condition.Message == message) == true;
        return new ReconcilePlan<Service>
        {
            Status = _ => WithConditions(snapshot, ready: false, reason, message, progress: null),
            Events = eventReason is null || known ? [] : [PlannedEvent.Warning(eventReason, message)],
        };
    }

    private static ReconcilePlan<Service> Provision(ServiceSnapshot snapshot, ProxyTarget target)
    {
        var service = snapshot.Service;
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        if (!HasFinalizer(service))
        {
            // Children name their Service in their labels, so that they are found and removed even if it goes before it has the finalizer.
            steps.Add(new FinalizerStep(Finalizer, Present: true) { WithNextWrite = true });
        }

        var proxy = new ProxySpec
        {
            Name = snapshot.ProxyName,
            Parent = ProxyParent.Of(ProxyParent.ServiceType, service),
            ParentUid = service.Metadata.Uid ?? "",
            Target = target,
            EgressPorts = target.IsEgress ? EgressPort.Of(service) : [],
            Hostnames = [ServiceValidation.HostnameOf(service)],
            LoginUrl = snapshot.Settings.LoginUrl,
            Tags = ServiceProxyMode.Annotation(service, ServiceAnnotations.Tags) is { } tags ? ProxyTags.Parse(tags) : snapshot.Settings.ProxyTags,
            Class = snapshot.ProxyClass.Class,
        };
        steps.AddRange(ProxyProvisioning.Plan(proxy, snapshot.Children, snapshot.Settings));
        if (target.IsEgress)
        {
            AddExternalName(steps, snapshot);
        }

        return new ReconcilePlan<Service>
        {
            Steps = steps.ToImmutable(),
            Status = outcome => StatusAfter(outcome, snapshot, target),
            RequeueAfter = snapshot.Children.LookAgainAfter,
        };
    }

    /// <summary>Points the user's egress Service at the proxy.</summary>
    private static void AddExternalName(ImmutableArray<PlanStep>.Builder steps, ServiceSnapshot snapshot)
    {
        var settings = snapshot.Settings;
        var externalName = $"{snapshot.ProxyName}.{settings.Namespace}.svc.{settings.ClusterDomain}";
        if (snapshot.Service.Spec is { Type: "ExternalName" } spec && spec.ExternalName == externalName)
        {
            return;
        }

        steps.Add(new ParentPatchStep(
            new JsonObject
            {
                ["spec"] = new JsonObject { ["type"] = "ExternalName", ["externalName"] = externalName, ["selector"] = null },
            },
            $"point the Service at {externalName}"));
    }

    private static Service StatusAfter(PlanOutcome outcome, ServiceSnapshot snapshot, ProxyTarget target)
    {
        if (outcome.Failure is { } failure)
        {
            var message = FailureText.Settle(
                Condition(snapshot, ServiceConditions.ProxyReady),
                ServiceConditions.Failed,
                $"failed to provision: {failure.Step.Description}: {failure.Error.Message}",
                failure.Step.Description);
            return WithConditions(snapshot, ready: false, ServiceConditions.Failed, message, ProxyProgress.Of(failure).Settled(Progress(snapshot), failure));
        }

        ProxyDevice? device;
        try
        {
            device = snapshot.Children.Secrets.Select(ProxyDevice.From).FirstOrDefault(found => found is not null);
        }
        catch (FormatException e)
        {
            return WithConditions(snapshot, ready: false, ServiceConditions.Failed, e.Message, new ProxyProgress(false, "StateUnreadable", e.Message));
        }

        var state = ProxyProgress.Of(snapshot.Children, device);
        return target.IsEgress || !ServiceProxyMode.IsTailscaleLoadBalancer(snapshot.Service, snapshot.Settings)
            ? WithConditions(snapshot, ready: true, ServiceConditions.Created, ServiceConditions.Created, state)
            : LoadBalancerStatus(snapshot, device, state);
    }

    private static Service LoadBalancerStatus(ServiceSnapshot snapshot, ProxyDevice? device, ProxyProgress state)
    {
        if (device?.Hostname is not { } hostname)
        {
            return WithIngress(WithConditions(snapshot, ready: false, ServiceConditions.Pending, state.Message, state), []);
        }

        var clusterIp = snapshot.Service.Spec?.ClusterIP;
        if (!IPAddress.TryParse(clusterIp, out var primary))
        {
            var message = $"spec.clusterIP \"{clusterIp}\" is not an IP address, so the family of the load balancer's addresses is unknown";
            return WithConditions(snapshot, ready: false, ServiceConditions.Failed, message, state);
        }

        var addresses =
            from text in device.Addresses
            where IPAddress.TryParse(text, out var address) && address.AddressFamily == primary.AddressFamily
            select new LoadBalancerIngress { Ip = text };
        return WithIngress(
            WithConditions(snapshot, ready: true, ServiceConditions.Created, ServiceConditions.Created, state),
            [new LoadBalancerIngress { Hostname = hostname }, .. addresses]);
    }

    /// <summary>Takes the Service's proxy down, for one that is being deleted or asks for none any more.</summary>
    private static ReconcilePlan<Service> CleanUp(ServiceSnapshot snapshot)
    {
        var service = snapshot.Service;
        if (!HasFinalizer(service))
        {
            // Replacing the whole object takes finalizer and annotations off at once, and the proxy would outlive both. A deleted
            // Service takes no finalizer any more; what it leaves is removed when it is gone.
            return service.Metadata.DeletionTimestamp is null && !snapshot.Children.AreGoing
                ? new ReconcilePlan<Service> { Steps = [new FinalizerStep(Finalizer, Present: true)] }
                : new ReconcilePlan<Service> { Status = _ => WithoutConditions(service) };
        }

        if (service.Metadata.DeletionTimestamp is null && !snapshot.Children.IsEmpty && !IsBeingRemoved(snapshot))
        {
            return new ReconcilePlan<Service>
            {
                Status = _ => ProxyGroupHandOver.WithoutAnnouncement(WithProgress(snapshot, ProxyRemoval.Begun), snapshot.Children),
                Events = ServiceProxyMode.Annotation(service, ServiceAnnotations.ProxyGroup) is { } group
                    ? [PlannedEvent.Normal(ServiceConditions.HandedOverEvent,
                        $"annotation {ServiceAnnotations.ProxyGroup} gives the Service to ProxyGroup \"{group}\"; its own proxy and that proxy's device are removed")]
                    : [],
            };
        }

        var removal = ProxyTeardown.Of(snapshot.Children, RemovalSince(snapshot), snapshot.Now);
        return new ReconcilePlan<Service>
        {
            Steps = removal.IsComplete && !ProxyGroupHandOver.HasTakenFinalizer(service)
                ? [.. removal.Steps, new FinalizerStep(Finalizer, Present: false)]
                : removal.Steps,
            Status = outcome => outcome.Failure is null && removal.IsComplete ? ProxyGroupHandOver.WithoutAnnouncement(WithoutConditions(service), snapshot.Children)
                : removal.After(outcome, Progress(snapshot)) is { } progress ? WithProgress(snapshot, progress)
                : service,
            Events = removal.Events(Progress(snapshot)),
            RequeueAfter = removal.LookAgainAfter,
        };
    }

    /// <summary>Removes the objects that are there; the proxy is made when they are gone.</summary>
    private static ReconcilePlan<Service> Replace(ServiceSnapshot snapshot)
    {
        var removal = ProxyTeardown.Of(snapshot.Children, RemovalSince(snapshot), snapshot.Now);
        return new ReconcilePlan<Service>
        {
            Steps = removal.Steps,
            Status = outcome => WithConditions(
                snapshot, ready: false, ServiceConditions.Pending, "an earlier proxy of this Service's name is removed first",
                removal.After(outcome, Progress(snapshot)) ?? ProxyRemoval.Begun),
            Events = removal.Events(Progress(snapshot)),
            RequeueAfter = removal.LookAgainAfter,
        };
    }

    private static bool IsBeingRemoved(ServiceSnapshot snapshot) =>
        !snapshot.Children.IsEmpty && ProxyRemoval.HasBegun(Progress(snapshot));

    /// <summary>When the removal began.</summary>
    private static DateTimeOffset RemovalSince(ServiceSnapshot snapshot) =>
        (IsBeingRemoved(snapshot) ? Progress(snapshot)?.LastTransitionTime : snapshot.Service.Metadata.DeletionTimestamp) ?? snapshot.Now;

    private static Condition? Progress(ServiceSnapshot snapshot) => ProxyProgressCondition.In(snapshot.Service.Status?.Conditions);

    private static Condition? Condition(ServiceSnapshot snapshot, string type) =>
        snapshot.Service.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>Whether the operator has kept, or keeps, a proxy of the Service's own.</summary>
    internal static bool HasConditions(Service service) =>
        service.Status?.Conditions?.Any(condition => condition.Type is ServiceConditions.ProxyReady or ServiceConditions.ProxyRunning) == true;

    private static bool HasFinalizer(Service service) => service.Metadata.Finalizers?.Contains(Finalizer) == true;

    private static Service WithConditions(ServiceSnapshot snapshot, bool ready, string reason, string message, ProxyProgress? progress)
    {
        var conditions = ProxyConditions.With(
            snapshot.Service.Status?.Conditions, ServiceConditions.ProxyReady, ready, reason, message, snapshot.Now);
        return WithConditions(snapshot.Service, progress is null ? conditions : ProxyProgressCondition.With(conditions, progress, snapshot.Now));
    }

    private static Service WithProgress(ServiceSnapshot snapshot, ProxyProgress progress) =>
        WithConditions(snapshot.Service, ProxyProgressCondition.With(snapshot.Service.Status?.Conditions, progress, snapshot.Now));

    private static Service WithoutConditions(Service service) => WithConditions(
        service, ProxyConditions.Without(service.Status?.Conditions, ServiceConditions.ProxyReady, ServiceConditions.ProxyRunning));

    private static Service WithConditions(Service service, ImmutableArray<Condition> conditions) =>
        service with { Status = (service.Status ?? new ServiceStatus()) with { Conditions = conditions.IsEmpty ? null : conditions } };

    private static Service WithIngress(Service service, ImmutableArray<LoadBalancerIngress> ingress) => service with
    {
        Status = service.Status! with
        {
            LoadBalancer = (service.Status.LoadBalancer ?? new LoadBalancerStatus()) with { Ingress = ingress.IsEmpty ? null : ingress },
        },
    };
}
