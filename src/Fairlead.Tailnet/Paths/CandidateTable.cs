using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>The addresses at which one peer may be. Bounded, since peers and forged packets can name any number.</summary>
internal sealed class CandidateTable
{
    /// <summary>A node has an address per interface and family and one or two mappings; twice as many are kept as one message may name.</summary>
    public const int Capacity = 2 * MaxNamed;

    /// <summary>What one network map or call-me-maybe may name; the rest is ignored.</summary>
    public const int MaxNamed = 16;

    private readonly List<PathCandidate> _candidates = [];

    public int Count => _candidates.Count;

    public PathCandidate this[int index] => _candidates[index];

    public PathCandidate? Find(UdpAddress address)
    {
        foreach (var candidate in _candidates)
        {
            if (candidate.Address.Address == address.Address && candidate.Address.Port == address.Port)
                return candidate;
        }

        return null;
    }

    /// <summary>Adds an address or another source of one; makes room by dropping what is of least use.</summary>
    /// <param name="inUse">Never dropped.</param>
    /// <returns>Null if the address is none a peer can be at.</returns>
    public PathCandidate? Add(UdpAddress address, PathSources source, PathCandidate? inUse)
    {
        if (!IsPossible(address))
            return null;
        var candidate = Find(address);
        if (candidate is null)
        {
            if (_candidates.Count >= Capacity)
                _candidates.Remove(LeastUseful(inUse));
            candidate = new PathCandidate(address);
            _candidates.Add(candidate);
        }

        candidate.Sources |= source;
        return candidate;
    }

    /// <summary>Replaces what one source has named. Addresses that nobody names any more go, except the one in use.</summary>
    /// <returns>Whether there is an address that was not known before.</returns>
    public bool Replace(PathSources source, ReadOnlySpan<UdpAddress> addresses, PathCandidate? inUse)
    {
        foreach (var candidate in _candidates)
            candidate.Sources &= ~source;
        var isAnyNew = false;
        foreach (var address in addresses[..Math.Min(addresses.Length, MaxNamed)])
        {
            isAnyNew |= Find(address) is null;
            Add(address, source, inUse);
        }

        _candidates.RemoveAll(candidate => candidate.Sources == PathSources.None && candidate != inUse);
        return isAnyNew;
    }

    /// <summary>Drops what was only ever heard from, and that long ago.</summary>
    public void Forget(long before, PathCandidate? inUse) =>
        _candidates.RemoveAll(candidate => candidate.Sources == PathSources.Heard && candidate.LastHeard < before && candidate != inUse);

    public void Clear() => _candidates.Clear();

    private static bool IsPossible(UdpAddress address)
    {
        var isMulticast = address.IsIPv4 ? (byte)(address.Address >> 24) is >= 224 : (byte)(address.Address >> 120) == 0xff;
        var isUnspecified = address.Address == 0 || (address.IsIPv4 && (uint)address.Address == 0);
        return !address.IsNone && !isMulticast && !isUnspecified;
    }

    /// <summary>One that never answered and was not heard for longest; those of the coordination server last.</summary>
    private PathCandidate LeastUseful(PathCandidate? inUse) =>
        _candidates
            .Where(candidate => candidate != inUse)
            .OrderBy(candidate => candidate.Sources.HasFlag(PathSources.NetworkMap))
            .ThenBy(candidate => Math.Max(candidate.LastPong, candidate.LastHeard))
            .First();
}
