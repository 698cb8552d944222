using System.Net;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Filtering;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>Keeps the packet filter as the newest network map and the node's own preferences have it, whichever changes. Safe for several threads.</summary>
/// <param name="compile">Called when a packet first asks, on the thread that brings it. It must not throw.</param>
internal sealed class MapFilter(
    PacketFilter filter,
    TailnetNodePreferences preferences,
    Func<NetworkMap, IReadOnlyCollection<IPAddress>, TailnetNodePreferences, FilterProgram> compile)
{
    private readonly Lock _lock = new();
    private TailnetNodePreferences _preferences = preferences;
    private IReadOnlyCollection<IPAddress> _services = [];
    private NetworkMap? _map;

    /// <param name="services">Addresses of the services that the map has hosted here.</param>
    public void Use(NetworkMap map, IReadOnlyCollection<IPAddress> services)
    {
        lock (_lock)
        {
            (_map, _services) = (map, services);
            Renew();
        }
    }

    public void Use(TailnetNodePreferences preferences)
    {
        lock (_lock)
        {
            _preferences = preferences;
            Renew();
        }
    }

    private void Renew()
    {
        if (_map is { } map)
        {
            var (services, wishes) = (_services, _preferences);
            filter.Use(() => compile(map, services, wishes));
        }
    }
}
