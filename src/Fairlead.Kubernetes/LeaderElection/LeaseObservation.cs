using Fairlead.Kubernetes.Resources.Coordination;

namespace Fairlead.Kubernetes.LeaderElection;

/// <summary>
/// A lease as last seen, and when that was by our own clock. Candidates never compare their wall clocks with the times
/// written in the lease: a holder counts as alive for as long as we keep seeing the lease change.
/// </summary>
internal sealed class LeaseObservation(TimeProvider time)
{
    private long _seenAt;

    public Lease? Lease { get; private set; }

    public string Holder => Lease?.Spec?.HolderIdentity ?? "";

    public void See(Lease lease)
    {
        if (Lease is null || Lease.Metadata.ResourceVersion != lease.Metadata.ResourceVersion || Lease.Metadata.Uid != lease.Metadata.Uid)
        {
            Lease = lease;
            _seenAt = time.GetTimestamp();
        }
    }

    public void Forget() => Lease = null;

    /// <summary>Whether someone else holds the lease and may still be at work.</summary>
    /// <param name="ownDuration">Used where the holder did not write a longer one.</param>
    public bool IsHeldByOther(string identity, TimeSpan ownDuration)
    {
        if (Holder.Length == 0 || Holder == identity)
        {
            return false;
        }

        var written = TimeSpan.FromSeconds(Lease?.Spec?.LeaseDurationSeconds ?? 0);
        return time.GetElapsedTime(_seenAt) < (written > ownDuration ? written : ownDuration);
    }
}
