using Fairlead.Dev.Tailnet.Keys;

namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>The devices of the tailnet.</summary>
public sealed class DeviceRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TailnetDevice> _devices = [];
    private readonly IdSource _ids;
    private readonly AddressPool _addresses;
    private readonly AuthKeyRegistry _keys;
    private readonly string _dnsSuffix;
    private readonly TimeProvider _time;

    internal DeviceRegistry(IdSource ids, AddressPool addresses, AuthKeyRegistry keys, string dnsSuffix, TimeProvider time)
    {
        _ids = ids;
        _addresses = addresses;
        _keys = keys;
        _dnsSuffix = dnsSuffix;
        _time = time;
    }

    public IReadOnlyList<TailnetDevice> Snapshot()
    {
        lock (_gate) return [.. _devices.Values];
    }

    /// <param name="id">Stable node id or numeric id.</param>
    public TailnetDevice? Find(string id)
    {
        lock (_gate) return FindLocked(id);
    }

    /// <summary>Lets a device join. A name that is taken gets <c>-1</c>, <c>-2</c>, … appended, as on a real tailnet.</summary>
    /// <exception cref="InvalidOperationException">
    /// The auth key does not exist, is expired or used up; or the node id is taken.
    /// </exception>
    public TailnetDevice Register(DeviceRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        lock (_gate)
        {
            var nodeId = registration.NodeId ?? _ids.NextStableId('n');
            if (_devices.ContainsKey(nodeId)) throw new InvalidOperationException($"There is a device {nodeId} already.");
            TailnetAuthKey? key = null;
            if (registration.AuthKey is { } secret)
            {
                key = _keys.Use(secret, nodeId) ?? throw new InvalidOperationException("invalid key: API key does not exist or is used up");
            }
            return _devices[nodeId] = new TailnetDevice
            {
                Id = _ids.NextNumber().ToString(System.Globalization.CultureInfo.InvariantCulture),
                NodeId = nodeId,
                Name = FreeName(registration.Hostname.ToLowerInvariant()),
                Hostname = registration.Hostname,
                Addresses = _addresses.Next(),
                Tags = key?.Tags ?? registration.Tags,
                Created = _time.GetUtcNow(),
                Authorized = key?.Preauthorized ?? true,
                Ephemeral = key?.Ephemeral ?? false,
                KeyId = key?.Id,
            };
        }
    }

    /// <param name="id">Stable node id or numeric id.</param>
    /// <returns>Was there such a device?</returns>
    public bool Remove(string id)
    {
        lock (_gate) return FindLocked(id) is { } device && _devices.Remove(device.NodeId);
    }

    private TailnetDevice? FindLocked(string id) =>
        _devices.GetValueOrDefault(id) ?? _devices.Values.FirstOrDefault(device => device.Id == id);

    private string FreeName(string hostname)
    {
        var taken = _devices.Values.Select(device => device.Name).ToHashSet();
        for (var n = 0; ; n++)
        {
            var name = n == 0 ? $"{hostname}.{_dnsSuffix}" : $"{hostname}-{n}.{_dnsSuffix}";
            if (!taken.Contains(name)) return name;
        }
    }
}
