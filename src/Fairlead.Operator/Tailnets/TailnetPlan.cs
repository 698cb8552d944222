using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.Tailnets;

/// <summary>Plans what a Tailnet itself needs: a verdict on its credentials.</summary>
internal static class TailnetPlan
{
    /// <summary>Wire contract with the upstream operator. Nothing waits for it: objects on a deleted Tailnet say that it is missing.</summary>
    public const string Finalizer = "tailscale.com/finalizer";

    private const string Valid = "TailnetValid";
    private const string InvalidSecret = "InvalidSecret";
    private const string InvalidLoginUrl = "InvalidLoginURL";

    /// <summary>Upstream's word for credentials of either kind that do not work.</summary>
    private const string InvalidCredentials = "InvalidOAuth";

    /// <summary>Nothing tells of a right that the control plane grants.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(30);

    public static ReconcilePlan<Tailnet> For(TailnetSnapshot snapshot)
    {
        var found = snapshot.Tailnet;
        if (found.Metadata.DeletionTimestamp is not null)
        {
            return new ReconcilePlan<Tailnet> { Steps = [new FinalizerStep(Finalizer, Present: false)] };
        }

        var retry = snapshot.Access is { Problems.IsEmpty: false } ? RetryPeriod : (TimeSpan?)null;
        if (found.IsReady && snapshot.Access is { Problems.IsEmpty: false, MayPass: true })
        {
            // A control plane that is away must not take the tailnet from all that are on it.
            return new ReconcilePlan<Tailnet> { RequeueAfter = retry };
        }

        var known = found.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Tailnet.ReadyCondition);
        var (reason, fresh) = Verdict(snapshot);
        var ready = reason == Valid;
        var message = FailureText.Settle(known, reason, fresh, step: "");
        var isNews = known is null || known.Reason != reason || known.Message != message || known.ObservedGeneration != found.Metadata.Generation;
        return new ReconcilePlan<Tailnet>
        {
            Steps = ready && found.Metadata.Finalizers?.Contains(Finalizer) != true ? [new FinalizerStep(Finalizer, Present: true)] : [],
            Status = _ => found with
            {
                Status = (found.Status ?? new TailnetStatus()) with
                {
                    Conditions = ProxyConditions.With(
                        found.Status?.Conditions, Tailnet.ReadyCondition, ready, reason, message, snapshot.Now, found.Metadata.Generation),
                },
            },
            Events = !ready && isNews ? [PlannedEvent.Warning(reason, message)] : [],
            RequeueAfter = retry,
        };
    }

    /// <summary>Whether a client can be made for the URL.</summary>
    public static bool IsUsable(string loginUrl) =>
        Uri.TryCreate(loginUrl, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);

    private static (string Reason, string Message) Verdict(TailnetSnapshot snapshot) => snapshot switch
    {
        { SecretProblem: { } problem } => (InvalidSecret, problem),
        { Access.Problems: { IsEmpty: false } problems } => (InvalidCredentials, string.Join("; ", problems)),
        { Access: not null } => (Valid, "the credentials work, and have all rights that the operator needs"),
        _ => (InvalidLoginUrl, $"spec.loginUrl is \"{snapshot.Tailnet.LoginUrl}\"; set it to the control server's URL, which begins with https://"),
    };
}
