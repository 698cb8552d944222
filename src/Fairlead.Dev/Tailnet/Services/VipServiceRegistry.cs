namespace Fairlead.Dev.Tailnet.Services;

/// <summary>The Tailscale Services of the tailnet.</summary>
public sealed class VipServiceRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TailnetService> _services = [];
    private readonly AddressPool _addresses;
    private readonly Action _changed;

    /// <param name="changed">Told of each change.</param>
    internal VipServiceRegistry(AddressPool addresses, Action changed)
    {
        _addresses = addresses;
        _changed = changed;
    }

    public IReadOnlyList<TailnetService> Snapshot()
    {
        lock (_gate) return [.. _services.Values];
    }

    public TailnetService? Find(string name)
    {
        lock (_gate) return _services.GetValueOrDefault(name);
    }

    /// <summary>Creates or replaces; no addresses means: keep those it has, or new ones.</summary>
    /// <exception cref="InvalidOperationException">Another service has one of the addresses.</exception>
    public TailnetService Put(TailnetService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            var others = _services.Values.Where(other => other.Name != service.Name);
            if (others.FirstOrDefault(other => other.Addresses.Intersect(service.Addresses).Any()) is { } holder)
            {
                throw new InvalidOperationException($"{holder.Name} has one of the addresses {string.Join(", ", service.Addresses)}");
            }
            if (service.Addresses.Count == 0)
            {
                service = service with { Addresses = _services.GetValueOrDefault(service.Name)?.Addresses ?? _addresses.Next() };
            }
            _services[service.Name] = service;
        }
        _changed();
        return service;
    }

    /// <returns>Was there such a service?</returns>
    public bool Remove(string name)
    {
        lock (_gate)
        {
            if (!_services.Remove(name)) return false;
        }
        _changed();
        return true;
    }
}
