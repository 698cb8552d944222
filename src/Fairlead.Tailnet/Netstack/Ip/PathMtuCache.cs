using System.Collections.Concurrent;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Hosts whose path takes less than the link, for ten minutes each (RFC 1191 section 6.3).</summary>
internal sealed class PathMtuCache(StackClock clock)
{
    private const int Capacity = 256;
    private const long Lifetime = 600 * StackClock.Second;

    private readonly ConcurrentDictionary<IpAddress, (int Mtu, long ExpiresAt)> _paths = new();

    public int MtuTo(in IpAddress remote, int linkMtu)
    {
        if (_paths.IsEmpty || !_paths.TryGetValue(remote, out var path))
        {
            return linkMtu;
        }

        if (path.ExpiresAt > clock.Now)
        {
            return Math.Min(linkMtu, path.Mtu);
        }

        _paths.TryRemove(new(remote, path));
        return linkMtu;
    }

    public void Learn(in IpAddress remote, int mtu)
    {
        if (_paths.Count >= Capacity)
        {
            _paths.Clear(); // what is still true is learnt again
        }

        _paths[remote] = (mtu, clock.Now + Lifetime);
    }
}
