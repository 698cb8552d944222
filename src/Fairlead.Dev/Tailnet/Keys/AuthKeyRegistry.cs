namespace Fairlead.Dev.Tailnet.Keys;

/// <summary>The auth keys of the tailnet. A deleted key is forgotten.</summary>
public sealed class AuthKeyRegistry
{
    /// <summary>Lifetime of a key whose maker named none, and the longest there is.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(90);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TailnetAuthKey> _keys = [];
    private readonly IdSource _ids;
    private readonly TimeProvider _time;

    internal AuthKeyRegistry(IdSource ids, TimeProvider time)
    {
        _ids = ids;
        _time = time;
    }

    public IReadOnlyList<TailnetAuthKey> Snapshot()
    {
        lock (_gate) return [.. _keys.Values];
    }

    public TailnetAuthKey? Find(string id)
    {
        lock (_gate) return _keys.GetValueOrDefault(id);
    }

    internal DateTimeOffset Now => _time.GetUtcNow();

    internal TailnetAuthKey Create(KeyCreation creation, TimeSpan lifetime, string description, string clientId)
    {
        var id = _ids.NextStableId('k');
        var now = Now;
        var key = new TailnetAuthKey
        {
            Id = id,
            Secret = $"tskey-auth-{id}-{_ids.Next(32)}",
            Tags = creation.Tags!,
            Reusable = creation.Reusable,
            Ephemeral = creation.Ephemeral,
            Preauthorized = creation.Preauthorized,
            Description = description,
            ClientId = clientId,
            Created = now,
            Expires = now + (lifetime == TimeSpan.Zero ? MaxLifetime : lifetime),
        };
        lock (_gate) _keys[id] = key;
        return key;
    }

    internal bool Remove(string id)
    {
        lock (_gate) return _keys.Remove(id);
    }

    /// <summary>Uses the key for a device.</summary>
    /// <returns>The key; null if there is none of this secret or it is invalid.</returns>
    internal TailnetAuthKey? Use(string secret, string nodeId)
    {
        lock (_gate)
        {
            var key = _keys.Values.FirstOrDefault(k => k.Secret == secret);
            if (key is null || key.IsInvalid(Now)) return null;
            return _keys[key.Id] = key with { UsedBy = [.. key.UsedBy, nodeId] };
        }
    }
}
