using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.Tailnets;

/// <summary>Takes the snapshot of one Tailnet. Credentials are tried once, and again only after a failure.</summary>
internal sealed class TailnetObserver(
    IObjectCache<Tailnet> tailnets, IObjectCache<Secret> secrets, TailnetRegistry registry, TimeProvider time)
{
    /// <summary>For this long a failure stands: the write that reports it calls the operator again at once.</summary>
    private static readonly TimeSpan FailureStands = TimeSpan.FromSeconds(5);

    /// <summary>The snapshot; null when the Tailnet is gone.</summary>
    public async ValueTask<TailnetSnapshot?> ObserveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (tailnets.Get(key) is not { } found)
        {
            return null;
        }

        var snapshot = new TailnetSnapshot { Tailnet = found, Now = time.GetUtcNow() };
        if (found.Metadata.DeletionTimestamp is not null)
        {
            return snapshot;
        }

        var secret = secrets.Get(registry.SecretOf(found));
        var problem = TailnetSecret.Problem(registry.SecretOf(found), secret);
        return problem is not null ? snapshot with { SecretProblem = problem }
            : TailnetPlan.IsUsable(found.LoginUrl) ? snapshot with { Access = await TryAsync(registry.Connect(found, secret!), cancellationToken).ConfigureAwait(false) }
            : snapshot;
    }

    private async ValueTask<TailnetAccess> TryAsync(TailnetConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Tried is { } tried && (tried.Access.Problems.IsEmpty || time.GetUtcNow() - tried.At < FailureStands))
        {
            return tried.Access;
        }

        var access = await TailnetAccess.TryAsync(connection.Client, cancellationToken).ConfigureAwait(false);
        connection.Tried = (access, time.GetUtcNow());
        return access;
    }
}
