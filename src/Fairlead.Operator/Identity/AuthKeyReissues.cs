using System.Collections.Concurrent;

namespace Fairlead.Operator.Identity;

/// <summary>
/// Decides over the auth keys of replicas that ask for another one where theirs is refused. What was granted is remembered in memory only,
/// for as long as this process works: a replica gets one key for each request, and a parent's replicas together no more than a burst of one
/// each and then one every half minute. To be held by a kind's observer, which puts the decisions into its snapshot.
/// </summary>
public sealed class AuthKeyReissues(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ReissueState> _byParent = new(StringComparer.Ordinal);

    /// <summary>The decision for one replica. Only one reconcile at a time may ask for a parent.</summary>
    /// <param name="parentUid">UID of the object that the replica is of.</param>
    /// <param name="replicas">How many the parent is to have, which is how many keys its replicas may get at once.</param>
    /// <param name="replica">What is known of the replica.</param>
    public AuthKeyDecision Decide(string parentUid, int replicas, ReplicaKey replica)
    {
        var now = time.GetUtcNow();
        var (decision, after) = _byParent.GetValueOrDefault(parentUid, ReissueState.Unused).Decide(replica, replicas, now);
        if (after.IsUnused(now))
        {
            _byParent.TryRemove(parentUid, out _);
        }
        else
        {
            _byParent[parentUid] = after;
        }

        return decision;
    }

    /// <summary>Forgets a parent that is gone.</summary>
    public void Forget(string parentUid) => _byParent.TryRemove(parentUid, out _);
}
