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

    /// <summary>Makes a key without the API, which gives tagged ones only.</summary>
    /// <param name="tags">Tags of the devices that join with it; none for devices of a user.</param>
    /// <param name="user">Login name of that user; null for the tailnet's owner.</param>
    public TailnetAuthKey Create(
        IReadOnlyList<string> tags, bool reusable = false, bool ephemeral = false, bool preauthorized = true, string? user = null)
    {
        var creation = new KeyCreation { Tags = tags, Reusable = reusable, Ephemeral = ephemeral, Preauthorized = preauthorized };
        return Add(creation, MaxLifetime, "", "", user ?? "");
    }

    internal DateTimeOffset Now => _time.GetUtcNow();

    internal TailnetAuthKey? FindBySecret(string secret)
    {
        lock (_gate) return _keys.Values.FirstOrDefault(key => key.Secret == secret);
    }

    internal TailnetAuthKey Create(KeyCreation creation, TimeSpan lifetime, string description, string clientId) =>
        Add(creation, lifetime, description, clientId, "");

    private TailnetAuthKey Add(KeyCreation creation, TimeSpan lifetime, string description, string clientId, string user)
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
            User = user,
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
