using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Keys;

namespace Fairlead.Operator.Identity;

/// <summary>
/// The steps by which a replica's Secret gets, keeps or loses its auth key, for every kind: a stale device goes before a key is minted for
/// the next, and a key that finds no Secret is given back.
/// </summary>
internal sealed record AuthKeyProvision
{
    /// <summary>The Secret that holds the key.</summary>
    public required ObjectKey Store { get; init; }

    /// <summary>That Secret as it is; null: there is none.</summary>
    public Secret? Observed { get; init; }

    /// <summary>Tags of a new device.</summary>
    public required ImmutableArray<string> Tags { get; init; }

    /// <summary>Name of the Tailnet object whose tailnet the device joins; empty: the operator's own.</summary>
    public string Tailnet { get; init; } = "";

    /// <summary>The Secret as it is to be, with the key or without.</summary>
    public required Func<SecretText?, Secret> Content { get; init; }

    /// <summary>Finds the key in such a Secret.</summary>
    public required Func<Secret, SecretText?> Read { get; init; }

    public ImmutableArray<string> ExclusivePaths { get; init; } = [];

    public ImmutableArray<PlanStep> Plan(AuthKeyDecision decision)
    {
        if (decision.Use != AuthKeyUse.Issue)
        {
            var kept = decision.Use == AuthKeyUse.Keep && Observed is not null ? Read(Observed) : null;
            return [Apply(_ => kept)];
        }

        var slot = $"auth key for {Store}";
        var issue = new CallStep(new IssueAuthKeyCall(Store, Tags) { Tailnet = Tailnet }, slot);
        var store = Apply(results => results.Get<AuthKey>(slot).Secret) with
        {
            Stores = slot,
            Holds = (secret, key) => Read(secret)?.Reveal() == ((AuthKey)key).Secret.Reveal(),
        };
        return decision.StaleDevice is { } stale
            ? [new CallStep(new DeleteDeviceCall(stale) { Tailnet = Tailnet }), issue, store]
            : [issue, store];
    }

    private ApplyStep<Secret> Apply(Func<StepResults, SecretText?> key) =>
        new(KubernetesResources.Secrets, Store, results => Content(key(results)), Observed) { ExclusivePaths = ExclusivePaths };
}
