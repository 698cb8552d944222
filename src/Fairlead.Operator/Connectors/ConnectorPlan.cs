using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources.Connectors;

namespace Fairlead.Operator.Connectors;

/// <summary>Plans what one Connector needs: its devices, their removal, or just a word on why there are none.</summary>
public static class ConnectorPlan
{
    /// <summary>On Connectors while something of theirs must be cleaned up. Wire contract.</summary>
    public const string Finalizer = "tailscale.com/finalizer";

    private const string ClassField = "spec.proxyClass";

    public static ReconcilePlan<Connector> For(ConnectorSnapshot snapshot)
    {
        var connector = snapshot.Connector;
        return connector.Metadata.DeletionTimestamp is not null ? CleanUp(snapshot)

            // Even if the Connector asks for something impossible now: a removal that has begun must end.
            : IsBeingRemoved(snapshot) ? Replace(snapshot)
            : Refusal(snapshot) is { } refusal ? refusal

            // The selectors of an earlier Connector's objects cannot be changed.
            : ProxyOwnership.AreOfEarlierParent(snapshot.Children, connector.Metadata.Uid ?? "") ? Replace(snapshot)
            : snapshot.Children.Ambiguity("Connector") is { } ambiguity ? Refuse(snapshot, ConnectorReasons.CreationFailed, ambiguity)
            : Provision(snapshot);
    }

    /// <summary>The plan for a Connector that gets no devices, or not yet; null when nothing stands against them.</summary>
    private static ReconcilePlan<Connector>? Refusal(ConnectorSnapshot snapshot)
    {
        if (FirewallMode.Violation(snapshot.Settings) is { } violation)
        {
            return Refuse(snapshot, ConnectorReasons.Invalid, violation);
        }

        if (ConnectorValidation.Violations(snapshot.Connector, snapshot.Settings) is { IsEmpty: false } violations)
        {
            return Refuse(snapshot, ConnectorReasons.Invalid, $"the Connector is invalid: {string.Join("; ", violations)}");
        }

        return snapshot switch
        {
            { ProxyClass: { Problem: ProxyClassProblem.Missing } missing } => Refuse(snapshot, ConnectorReasons.CreationFailed, missing.Explanation(ClassField)),
            { ProxyClass: { Problem: ProxyClassProblem.Unknown } unknown } => AwaitClasses(snapshot, unknown),
            { ProxyClass: { Problem: ProxyClassProblem.NotReady } notReady } => Wait(snapshot, notReady.Explanation(ClassField)),
            { Tailnet: { Problem: TailnetProblem.Unknown } } => new ReconcilePlan<Connector> { RequeueAfter = snapshot.Tailnet.LookAgainAfter },
            { Tailnet: { Message: { } problem } } => Refuse(snapshot, ConnectorReasons.CreationFailed, problem) with { RequeueAfter = snapshot.Tailnet.LookAgainAfter },
            _ => null,
        };
    }

    /// <summary>An operator that has just started does not call devices in use into question because it has not listed ProxyClasses yet.</summary>
    private static ReconcilePlan<Connector> AwaitClasses(ConnectorSnapshot snapshot, ProxyClassChoice unknown)
    {
        var ready = Ready(snapshot);
        var plan = unknown.Obstacle is null || ready is { Status: "True" }
            ? new ReconcilePlan<Connector>()
            : Wait(snapshot, unknown.SettledExplanation(ready, ConnectorReasons.Creating));
        return plan with { RequeueAfter = ProxyClassChoice.LookAgainAfter };
    }

    private static ReconcilePlan<Connector> Wait(ConnectorSnapshot snapshot, string message) => new()
    {
        Steps = [.. Claim(snapshot)],
        Status = _ => WithStatus(snapshot, WithReady(snapshot, false, ConnectorReasons.Creating, message)),
    };

    private static ReconcilePlan<Connector> Refuse(ConnectorSnapshot snapshot, string reason, string message) => new()
    {
        Steps = [.. Claim(snapshot)],
        Status = _ => WithStatus(snapshot, WithReady(snapshot, false, reason, message)),
        Events = Warnings(snapshot, reason, message),
    };

    private static ReconcilePlan<Connector> Provision(ConnectorSnapshot snapshot)
    {
        var (connector, settings) = (snapshot.Connector, snapshot.Settings);
        var spec = connector.Spec!;
        var proxy = new ProxySpec
        {
            Name = snapshot.ProxyName,
            Parent = ProxyParent.Of(ProxyParent.ConnectorType, connector),
            ParentUid = connector.Metadata.Uid ?? "",
            Target = ProxyTarget.Routes,
            Hostnames = Hostnames(connector),
            Tailnet = spec.Tailnet ?? "",
            LoginUrl = snapshot.Tailnet.LoginUrl,
            Tags = spec.Tags is { Count: > 0 } tags ? [.. tags] : settings.ProxyTags,
            AdvertiseRoutes = ConnectorRoutes.Of(spec),
            IsAppConnector = spec.AppConnector is not null,
            Class = snapshot.ProxyClass.Class,
        };
        return new ReconcilePlan<Connector>
        {
            Steps = [.. Claim(snapshot), .. ProxyProvisioning.Plan(proxy, snapshot.Children, settings)],
            Status = outcome => outcome.Failure is { } failure
                ? WithStatus(snapshot, ProxyProgressCondition.With(
                    WithReady(snapshot, false, ConnectorReasons.CreationFailed, MessageOf(snapshot, failure)),
                    ProxyProgress.Of(failure).Settled(Progress(snapshot), failure),
                    snapshot.Now,
                    Generation(snapshot)))
                : Provisioned(snapshot, proxy),
            EventsAfter = outcome => outcome.Failure is { } failure ? Warnings(snapshot, ConnectorReasons.CreationFailed, MessageOf(snapshot, failure)) : [],
            RequeueAfter = snapshot.Children.LookAgainAfter,
        };
    }

    private static Connector Provisioned(ConnectorSnapshot snapshot, ProxySpec proxy)
    {
        var spec = snapshot.Connector.Spec!;
        ImmutableArray<ProxyDevice> devices;
        ProxyProgress progress;
        try
        {
            devices = [.. OfWantedReplicas(snapshot.Children, proxy).Select(ProxyDevice.From).OfType<ProxyDevice>()];
            progress = ProxyProgress.Of(snapshot.Children, proxy.Name, proxy.Hostnames.Length);
        }
        catch (FormatException e)
        {
            return WithStatus(snapshot, ProxyProgressCondition.With(
                WithReady(snapshot, false, ConnectorReasons.CreationFailed, e.Message), new ProxyProgress(false, "StateUnreadable", e.Message), snapshot.Now, Generation(snapshot)));
        }

        var first = devices.IsEmpty ? null : devices[0];
        return snapshot.Connector with
        {
            Status = (snapshot.Connector.Status ?? new ConnectorStatus()) with
            {
                Conditions = ProxyProgressCondition.With(
                    WithReady(snapshot, true, ConnectorReasons.Created, ConnectorReasons.Created), progress, snapshot.Now, Generation(snapshot)),
                SubnetRoutes = spec.SubnetRouter?.AdvertiseRoutes is { } routes ? string.Join(',', routes) : null,
                IsExitNode = spec.ExitNode == true,
                IsAppConnector = spec.AppConnector is not null,
                Devices = devices.IsEmpty ? null : [.. devices.Select(device => new ConnectorDevice { Hostname = device.Hostname, TailnetIPs = Addresses(device) })],
                Hostname = first?.Hostname,
                TailnetIPs = first is null ? null : Addresses(first),
            },
        };
    }

    private static IEnumerable<Secret> OfWantedReplicas(ProxyChildren children, ProxySpec proxy) =>
        from secret in children.Secrets
        let ordinal = ProxyNames.OrdinalOf(secret.Metadata.Name ?? "", proxy.Name)
        where ordinal < proxy.Hostnames.Length
        orderby ordinal
        select secret;

    private static ImmutableArray<string>? Addresses(ProxyDevice device) => device.Addresses.IsEmpty ? null : device.Addresses;

    /// <summary>Without a prefix all replicas ask for the same name, of which the control plane makes different ones.</summary>
    private static ImmutableArray<string> Hostnames(Connector connector)
    {
        var spec = connector.Spec!;
        var shared = spec.Hostname ?? $"{connector.Metadata.Name}-connector";
        return [.. Enumerable.Range(0, spec.Replicas ?? 1).Select(ordinal => spec.HostnamePrefix is { } prefix ? ProxyNames.Replica(prefix, ordinal) : shared)];
    }

    /// <summary>Takes the devices of a deleted Connector down.</summary>
    private static ReconcilePlan<Connector> CleanUp(ConnectorSnapshot snapshot)
    {
        if (!HasFinalizer(snapshot))
        {
            // What it leaves is removed when it is gone.
            return new ReconcilePlan<Connector>();
        }

        var removal = Teardown(snapshot);
        return new ReconcilePlan<Connector>
        {
            Steps = removal.IsComplete ? [.. removal.Steps, new FinalizerStep(Finalizer, Present: false)] : removal.Steps,
            Status = outcome => removal.After(outcome, Progress(snapshot)) is { } progress ? WithStatus(snapshot, WithProgress(snapshot, progress)) : snapshot.Connector,
            Events = removal.Events(Progress(snapshot)),
            RequeueAfter = removal.LookAgainAfter,
        };
    }

    /// <summary>Removes the objects that are there; the devices are made when they are gone.</summary>
    private static ReconcilePlan<Connector> Replace(ConnectorSnapshot snapshot)
    {
        var removal = Teardown(snapshot);
        return new ReconcilePlan<Connector>
        {
            Steps = removal.Steps,
            Status = outcome => WithStatus(snapshot, ProxyProgressCondition.With(
                WithReady(snapshot, false, ConnectorReasons.Creating, "the devices of an earlier Connector of this name are removed first"),
                removal.After(outcome, Progress(snapshot)) ?? ProxyRemoval.Begun,
                snapshot.Now,
                Generation(snapshot))),
            Events = removal.Events(Progress(snapshot)),
            RequeueAfter = removal.LookAgainAfter,
        };
    }

    private static ProxyTeardown Teardown(ConnectorSnapshot snapshot) => ProxyTeardown.Of(
        snapshot.Children,
        (IsBeingRemoved(snapshot) ? Progress(snapshot)?.LastTransitionTime : snapshot.Connector.Metadata.DeletionTimestamp) ?? snapshot.Now,
        snapshot.Now,
        snapshot.Connector.Spec?.Tailnet ?? "");

    private static bool IsBeingRemoved(ConnectorSnapshot snapshot) => !snapshot.Children.IsEmpty && ProxyRemoval.HasBegun(Progress(snapshot));

    /// <summary>The finalizer, where it is not there yet.</summary>
    private static IEnumerable<PlanStep> Claim(ConnectorSnapshot snapshot) =>
        HasFinalizer(snapshot) ? [] : [new FinalizerStep(Finalizer, Present: true) { WithNextWrite = true }];

    private static bool HasFinalizer(ConnectorSnapshot snapshot) => snapshot.Connector.Metadata.Finalizers?.Contains(Finalizer) == true;

    private static string MessageOf(ConnectorSnapshot snapshot, StepFailure failure) => FailureText.Settle(
        Ready(snapshot),
        ConnectorReasons.CreationFailed,
        $"failed to {failure.Step.Description}: {failure.Error.Message}",
        failure.Step.Description);

    /// <summary>Told once: the condition remembers it.</summary>
    private static ImmutableArray<PlannedEvent> Warnings(ConnectorSnapshot snapshot, string reason, string message) =>
        Ready(snapshot) is { Status: "False" } known && known.Reason == reason && known.Message == message ? [] : [PlannedEvent.Warning(reason, message)];

    private static Condition? Ready(ConnectorSnapshot snapshot) =>
        snapshot.Connector.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Connector.ReadyCondition);

    private static Condition? Progress(ConnectorSnapshot snapshot) => ProxyProgressCondition.In(snapshot.Connector.Status?.Conditions);

    private static long? Generation(ConnectorSnapshot snapshot) => snapshot.Connector.Metadata.Generation;

    private static ImmutableArray<Condition> WithReady(ConnectorSnapshot snapshot, bool ready, string reason, string message) => ProxyConditions.With(
        snapshot.Connector.Status?.Conditions, Connector.ReadyCondition, ready, reason, message, snapshot.Now, Generation(snapshot));

    private static ImmutableArray<Condition> WithProgress(ConnectorSnapshot snapshot, ProxyProgress progress) =>
        ProxyProgressCondition.With(snapshot.Connector.Status?.Conditions, progress, snapshot.Now, Generation(snapshot));

    private static Connector WithStatus(ConnectorSnapshot snapshot, ImmutableArray<Condition> conditions) =>
        snapshot.Connector with { Status = (snapshot.Connector.Status ?? new ConnectorStatus()) with { Conditions = conditions } };
}
