using System.Globalization;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>The devices of the tailnet.</summary>
public sealed class DeviceRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TailnetDevice> _devices = [];
    private readonly Dictionary<NodePublicKey, string> _byNodeKey = [];
    private readonly HashSet<string> _names = [];
    private readonly IdSource _ids;
    private readonly AddressPool _addresses;
    private readonly AuthKeyRegistry _keys;
    private readonly string _dnsSuffix;
    private readonly TimeProvider _time;
    private readonly Action _changed;

    /// <param name="changed">Told of each change, after it is made and outside of all locks.</param>
    internal DeviceRegistry(
        IdSource ids, AddressPool addresses, AuthKeyRegistry keys, string dnsSuffix, TimeProvider time, Action changed)
    {
        _ids = ids;
        _addresses = addresses;
        _keys = keys;
        _dnsSuffix = dnsSuffix;
        _time = time;
        _changed = changed;
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
        TailnetDevice device;
        lock (_gate)
        {
            var nodeId = registration.NodeId ?? _ids.NextStableId('n');
            if (_devices.ContainsKey(nodeId)) throw new InvalidOperationException($"There is a device {nodeId} already.");
            TailnetAuthKey? key = null;
            if (registration.AuthKey is { } secret)
            {
                key = _keys.Use(secret, nodeId) ?? throw new InvalidOperationException("invalid key: API key does not exist or is used up");
            }
            device = AddLocked(NewLocked(nodeId, registration.Hostname) with
            {
                Tags = key?.Tags ?? registration.Tags,
                Authorized = key?.Preauthorized ?? true,
                Ephemeral = key?.Ephemeral ?? false,
                KeyId = key?.Id,
            });
        }
        _changed();
        return device;
    }

    /// <param name="id">Stable node id or numeric id.</param>
    /// <returns>Was there such a device?</returns>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            if (FindLocked(id) is not { } device) return false;
            _devices.Remove(device.NodeId);
            _names.Remove(device.Name);
            if (device.Node is { } node) _byNodeKey.Remove(node.NodeKey);
        }
        _changed();
        return true;
    }

    /// <summary>Lets the device's node key expire now, as an administrator may; the node has to log in again.</summary>
    /// <param name="id">Stable node id or numeric id.</param>
    /// <returns>Was there such a device?</returns>
    public bool Expire(string id) => Update(id, device => device with { KeyExpiry = _time.GetUtcNow() }) is not null;

    /// <returns>The device; null if there is none, or it has no node.</returns>
    internal TailnetDevice? DecideService(string id, string service, bool approved)
    {
        var device = Update(id, device => device.Node is { } node
            ? device with { Node = node with { ServiceDecisions = new Dictionary<string, bool>(node.ServiceDecisions) { [service] = approved } } }
            : device);
        return device?.Node is null ? null : device;
    }

    internal string NewNodeId() => _ids.NextStableId('n');

    internal TailnetDevice? FindByNodeKey(NodePublicKey key)
    {
        lock (_gate) return _byNodeKey.TryGetValue(key, out var id) ? _devices[id] : null;
    }

    /// <summary>Adds a device with an unused id, and a free name and addresses of its own.</summary>
    internal TailnetDevice Add(string nodeId, string hostname, Func<TailnetDevice, TailnetDevice> complete)
    {
        TailnetDevice device;
        lock (_gate) device = AddLocked(complete(NewLocked(nodeId, hostname)));
        _changed();
        return device;
    }

    /// <summary>Replaces a device by what the function makes of it; its id and addresses stay. The function must not call back.</summary>
    /// <returns>The new version; null if there is no such device.</returns>
    internal TailnetDevice? Update(string id, Func<TailnetDevice, TailnetDevice> change)
    {
        TailnetDevice after;
        lock (_gate)
        {
            if (FindLocked(id) is not { } before) return null;
            after = change(before);
            if (ReferenceEquals(before, after)) return before;
            if (after.Hostname != before.Hostname && !after.IsRenamed) after = after with { Name = RenamedLocked(before.Name, after.Hostname) };
            if (before.Node is { } old) _byNodeKey.Remove(old.NodeKey);
            if (after.Node is { } node) _byNodeKey[node.NodeKey] = after.NodeId;
            _devices[after.NodeId] = after;
        }
        _changed();
        return after;
    }

    /// <summary>Gives the device a name that no longer follows its host name, as an administrator may.</summary>
    /// <param name="id">Stable node id or numeric id.</param>
    /// <param name="name">One label, or the full name.</param>
    /// <returns>False if another device has the name, or there is no such device.</returns>
    public bool Rename(string id, string name)
    {
        var label = name.EndsWith($".{_dnsSuffix}", StringComparison.Ordinal) ? name[..^(_dnsSuffix.Length + 1)] : name;
        lock (_gate)
        {
            if (FindLocked(id) is not { } device) return false;
            var full = $"{DnsLabel.Of(label)}.{_dnsSuffix}";
            if (full != device.Name && !_names.Add(full)) return false;
            if (full != device.Name) _names.Remove(device.Name);
            _devices[device.NodeId] = device with { Name = full, IsRenamed = true };
        }
        _changed();
        return true;
    }

    private TailnetDevice NewLocked(string nodeId, string hostname) => new()
    {
        Id = _ids.NextNumber().ToString(CultureInfo.InvariantCulture),
        NodeId = nodeId,
        Name = FreeNameLocked(hostname),
        Hostname = hostname,
        Addresses = _addresses.Next(),
        Tags = [],
        Created = _time.GetUtcNow(),
    };

    private TailnetDevice AddLocked(TailnetDevice device)
    {
        _devices.Add(device.NodeId, device);
        _names.Add(device.Name);
        if (device.Node is { } node) _byNodeKey[node.NodeKey] = device.NodeId;
        return device;
    }

    private TailnetDevice? FindLocked(string id) =>
        _devices.GetValueOrDefault(id) ?? _devices.Values.FirstOrDefault(device => device.Id == id);

    private string RenamedLocked(string name, string hostname)
    {
        _names.Remove(name);
        var free = FreeNameLocked(hostname);
        _names.Add(free);
        return free;
    }

    private string FreeNameLocked(string hostname)
    {
        var label = DnsLabel.Of(hostname);
        for (var n = 0; ; n++)
        {
            var name = n == 0 ? $"{label}.{_dnsSuffix}" : $"{label}-{n}.{_dnsSuffix}";
            if (!_names.Contains(name)) return name;
        }
    }
}
