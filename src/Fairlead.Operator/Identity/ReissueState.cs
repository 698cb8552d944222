using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>What is remembered of the keys that one parent's replicas were granted: which wait to be taken up, and how many more may be.</summary>
internal sealed record ReissueState
{
    /// <summary>How long it takes until one more key may be granted. As upstream's.</summary>
    public static readonly TimeSpan RefillInterval = TimeSpan.FromSeconds(30);

    /// <summary>Of a parent whose replicas never asked: each may once.</summary>
    public static readonly ReissueState Unused = new();

    private ImmutableDictionary<ObjectKey, Grant> Granted { get; init; } = ImmutableDictionary<ObjectKey, Grant>.Empty;

    /// <summary>Grants of which the refill has not made up yet.</summary>
    private double Debt { get; init; }

    private DateTimeOffset DebtAt { get; init; }

    /// <summary>Whether nothing is remembered that could matter.</summary>
    public bool IsUnused(DateTimeOffset now) => Granted.IsEmpty && DebtNow(now) <= 0;

    /// <param name="burst">Keys that may be granted at once.</param>
    public (AuthKeyDecision Decision, ReissueState After) Decide(ReplicaKey replica, int burst, DateTimeOffset now)
    {
        var otherwise = AuthKeyDecision.WithoutReissue(replica);
        if (replica.Request is not { } request)
        {
            return (otherwise, this with { Granted = Granted.Remove(replica.Store) });
        }

        if (otherwise.Use == AuthKeyUse.Issue)
        {
            return (otherwise, this);
        }

        if (Granted.TryGetValue(replica.Store, out var grant))
        {
            // A grant whose key was never stored, because a step failed, still stands. One that was is waited for; but a replica that found
            // the very key it was granted broken may have withdrawn and renewed its request while nobody looked.
            if (Same(replica.Key, grant.KeyBefore))
            {
                return (Issue(replica), this);
            }

            if (!Same(replica.Key, request.FailedKey) || now - grant.At < RefillInterval)
            {
                return (otherwise, this);
            }
        }
        else if (replica.Key is not null && !Same(replica.Key, request.FailedKey))
        {
            // The replica has not taken up yet what is there for it.
            return (otherwise, this);
        }

        var debt = DebtNow(now);
        var room = Math.Max(1, burst) - debt;
        return room < 1
            ? (otherwise with { WaitsFor = (1 - room) * RefillInterval }, this)
            : (Issue(replica), this with { Granted = Granted.SetItem(replica.Store, new Grant(replica.Key, now)), Debt = debt + 1, DebtAt = now });
    }

    private static AuthKeyDecision Issue(ReplicaKey replica) => new(AuthKeyUse.Issue) { StaleDevice = replica.DeviceId };

    private static bool Same(SecretText? left, SecretText? right) => left?.Reveal() == right?.Reveal();

    private double DebtNow(DateTimeOffset now) => Math.Max(0, Debt - ((now - DebtAt) / RefillInterval));

    /// <param name="KeyBefore">The key in the Secret when another one was granted.</param>
    private sealed record Grant(SecretText? KeyBefore, DateTimeOffset At);
}
