using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Plans what a ProxyClass itself needs: a verdict on it. What it does to proxies is planned with each of them.</summary>
public static class ProxyClassPlan
{
    /// <summary>Wire contract with the upstream operator. Nothing waits for it: users of a deleted class say that it is missing.</summary>
    public const string Finalizer = "tailscale.com/finalizer";

    private const string Valid = "ProxyClassValid";
    private const string Invalid = "ProxyClassInvalid";
    private const string RiskyVariable = "CustomTSEnvVar";
    private const string ClaimsIgnored = "ResourceClaimsIgnored";

    /// <summary>Longest message of a condition that the definition takes, less room for the words that say it was cut.</summary>
    private const int MaxMessageLength = 32768 - 32;

    public static ReconcilePlan<ProxyClass> For(ProxyClassSnapshot snapshot)
    {
        var found = snapshot.Class;
        if (found.Metadata.DeletionTimestamp is not null)
        {
            return new ReconcilePlan<ProxyClass> { Steps = [new FinalizerStep(Finalizer, Present: false)] };
        }

        var violations = ProxyClassValidation.Violations(snapshot);
        var (ready, reason, message) = violations.IsEmpty
            ? (true, Valid, Valid)
            : (false, Invalid, Cut($"the ProxyClass is not valid: {string.Join(", ", violations)}"));
        return new ReconcilePlan<ProxyClass>
        {
            Steps = found.Metadata.Finalizers?.Contains(Finalizer) == true ? [] : [new FinalizerStep(Finalizer, Present: true)],
            Status = _ => found with
            {
                Status = (found.Status ?? new ProxyClassStatus()) with
                {
                    Conditions = ProxyConditions.With(
                        found.Status?.Conditions, ProxyClass.ReadyCondition, ready, reason, message, snapshot.Now, found.Metadata.Generation),
                },
            },
            Events = IsSaid(found, message) ? [] : Events(found, ready, message),
        };
    }

    private static string Cut(string message) => message.Length <= MaxMessageLength ? message : $"{message[..MaxMessageLength]} … and more";

    /// <summary>Whether the verdict stands already, so that its Events were recorded when it was found.</summary>
    private static bool IsSaid(ProxyClass found, string message) => found.Status?.Conditions?.Any(condition =>
        condition.Type == ProxyClass.ReadyCondition
        && condition.ObservedGeneration == found.Metadata.Generation
        && condition.Message == message) == true;

    private static ImmutableArray<PlannedEvent> Events(ProxyClass found, bool ready, string message) =>
    [
        .. ProxyClassValidation.RiskyVariables(found).Select(name => PlannedEvent.Warning(
            RiskyVariable,
            $"ProxyClass overrides the environment variable {name} of the proxy; the operator configures the proxy by such variables, so that "
            + "this one may break it")),
        .. ProxyClassValidation.ContainersWithClaims(found).Select(path => PlannedEvent.Warning(
            ClaimsIgnored,
            $"{path}.resources.claims has no effect: a class cannot give the Pod the resource claims that these names stand for; remove it")),
        .. ready ? [] : new[] { PlannedEvent.Warning(Invalid, message) },
    ];
}
