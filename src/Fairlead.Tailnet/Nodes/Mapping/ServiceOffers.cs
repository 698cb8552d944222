using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>
/// What a node tells of Tailscale Services: those that it offers to host, and on which ports it serves them, offered or not. Safe to use from
/// several threads.
/// </summary>
/// <param name="advertised">Names of those offered whatever their ports.</param>
internal sealed class ServiceOffers(IReadOnlyList<string> advertised)
{
    private readonly Lock _gate = new();
    private readonly List<(string Service, ProtoPortRange Ports, bool Offers)> _listeners = [];
    private IReadOnlyList<string> _advertised = advertised;

    /// <summary>Sorted by name, so that equal offers have equal fingerprints.</summary>
    public IReadOnlyList<VipService> Current
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. from name in _advertised.Concat(_listeners.Select(listener => listener.Service)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                       let listeners = _listeners.Where(listener => listener.Service == name).ToList()
                       select new VipService
                       {
                           Name = name,
                           Ports = [.. listeners.Select(listener => listener.Ports)],
                           Active = _advertised.Contains(name) || listeners.Exists(listener => listener.Offers),
                       },
                ];
            }
        }
    }

    /// <summary>Offers these whatever their ports, and no others but those that listeners offer.</summary>
    public void Advertise(IReadOnlyList<string> services)
    {
        lock (_gate)
        {
            _advertised = services;
        }
    }

    /// <param name="offers">Whether whoever listens offers to host the service; if not, <see cref="Advertise"/> says so or not.</param>
    public void Add(string service, ProtoPortRange ports, bool offers)
    {
        lock (_gate)
        {
            _listeners.Add((service, ports, offers));
        }
    }

    /// <summary>Takes ports away that were added, once.</summary>
    public void Remove(string service, ProtoPortRange ports, bool offers)
    {
        lock (_gate)
        {
            _listeners.Remove((service, ports, offers));
        }
    }
}
