using System.Net;
using Fairlead.Dev.ServiceNetwork;

namespace Fairlead.Dev.Runner;

/// <summary>Hands out addresses of the Pod range. One that was given back is used again as late as possible.</summary>
internal sealed class PodAddresses(LoopbackNetwork network)
{
    // The first address is the node's; the last holds the claim on the network.
    private const int First = 2;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _taken = [];
    private int _next = First;

    private int End => (1 << (32 - network.PodRange.PrefixLength)) - 2;

    public PodAddress Take()
    {
        lock (_gate)
        {
            for (var tried = First; tried < End; tried++)
            {
                var offset = _next;
                _next = _next + 1 < End ? _next + 1 : First;
                if (_taken.Add(offset))
                    return new PodAddress(LoopbackNetwork.AddressAt(network.PodRange, offset), network.NodeAddress);
            }
        }

        throw new ContainerConfigurationException($"all addresses of {network.PodRange} are taken; delete Pods that are no longer needed");
    }

    public void GiveBack(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var start = network.PodRange.BaseAddress.GetAddressBytes();
        lock (_gate)
            _taken.Remove(((bytes[2] - start[2]) << 8) + bytes[3] - start[3]);
    }
}
