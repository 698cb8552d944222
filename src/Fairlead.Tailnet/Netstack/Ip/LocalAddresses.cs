using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>The addresses that are ours. Read per packet without a lock, replaced as a whole on a change.</summary>
internal sealed class LocalAddresses
{
    private readonly Lock _gate = new();
    private volatile FrozenSet<IpAddress> _set = FrozenSet<IpAddress>.Empty;
    private volatile IPAddress[] _inOrder = [];

    /// <summary>In the order they were added.</summary>
    public IReadOnlyList<IPAddress> All => _inOrder;

    public bool Contains(in IpAddress address) => _set.Contains(address);

    public void Add(IPAddress address)
    {
        lock (_gate)
        {
            if (!_inOrder.Contains(address))
            {
                Replace([.. _inOrder, address]);
            }
        }
    }

    public bool Remove(IPAddress address)
    {
        lock (_gate)
        {
            if (!_inOrder.Contains(address))
            {
                return false;
            }

            Replace([.. _inOrder.Where(other => !other.Equals(address))]);
            return true;
        }
    }

    /// <summary>The address to send from when the caller names none: the first of the destination's family.</summary>
    /// <exception cref="SocketException">There is none of that family.</exception>
    public IpAddress SourceFor(in IpAddress destination)
    {
        if (_set.Contains(destination))
        {
            return destination;
        }

        foreach (var address in _inOrder)
        {
            if ((address.AddressFamily == AddressFamily.InterNetwork) == destination.IsV4)
            {
                return IpAddress.From(address);
            }
        }

        throw new SocketException((int)SocketError.NetworkUnreachable);
    }

    private void Replace(IPAddress[] addresses)
    {
        _set = addresses.Select(IpAddress.From).ToFrozenSet();
        _inOrder = addresses;
    }
}
