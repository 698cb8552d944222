using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Coordination.Routes;

/// <summary>
/// Which of several nodes that serve the same prefix is the one to use. It stays so while it is online and serves it; then the
/// online one with the lowest ID takes over. Not safe for use by several threads.
/// </summary>
internal sealed class PrimaryRoutes
{
    private readonly Dictionary<IPPrefix, long> _primaries = [];

    /// <param name="candidates">The IDs of the nodes that serve each prefix, and whether they are online.</param>
    /// <returns>The primary of each prefix; an offline one if none is online.</returns>
    public IReadOnlyDictionary<IPPrefix, long> Choose(IReadOnlyDictionary<IPPrefix, List<(long Node, bool Online)>> candidates)
    {
        foreach (var gone in _primaries.Keys.Where(prefix => !candidates.ContainsKey(prefix)).ToList()) _primaries.Remove(gone);
        foreach (var (prefix, nodes) in candidates)
        {
            var current = _primaries.GetValueOrDefault(prefix);
            if (nodes.Contains((current, true))) continue;
            _primaries[prefix] = nodes.OrderByDescending(node => node.Online).ThenBy(node => node.Node).First().Node;
        }
        return new Dictionary<IPPrefix, long>(_primaries);
    }
}
