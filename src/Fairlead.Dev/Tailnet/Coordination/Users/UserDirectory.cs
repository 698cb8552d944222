using System.Collections.Concurrent;

namespace Fairlead.Dev.Tailnet.Coordination.Users;

/// <summary>The people of the tailnet. Whoever approves a node becomes one.</summary>
internal sealed class UserDirectory(TimeProvider time)
{
    /// <summary>Owner of all tagged nodes, as others see it.</summary>
    public const long TaggedDevicesId = 1;

    public const string TaggedDevicesName = "tagged-devices";

    private readonly ConcurrentDictionary<string, TailnetUser> _users = new(StringComparer.OrdinalIgnoreCase);
    private long _last = TaggedDevicesId;

    public TailnetUser GetOrAdd(string loginName) =>
        _users.GetOrAdd(loginName, name => new TailnetUser(Interlocked.Increment(ref _last), name, time.GetUtcNow()));
}
