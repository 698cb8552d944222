namespace Fairlead.Dev.Tailnet.Access;

/// <summary>The tailnet's OAuth and federated clients.</summary>
public sealed class ClientRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApiClient> _clients = [];
    private readonly IdSource _ids;

    internal ClientRegistry(IdSource ids) => _ids = ids;

    public IReadOnlyList<ApiClient> Snapshot()
    {
        lock (_gate) return [.. _clients.Values];
    }

    /// <summary>A new OAuth client with a new secret.</summary>
    public ApiClient AddOAuthClient(IReadOnlyList<string> scopes, IReadOnlyList<string> tags)
    {
        var id = _ids.NextStableId('k');
        var client = new ApiClient { Id = id, Secret = $"tskey-client-{id}-{_ids.Next(32)}", Scopes = scopes, Tags = tags };
        Put(client);
        return client;
    }

    /// <summary>A new federated client.</summary>
    public ApiClient AddFederatedClient(FederatedTrust trust, IReadOnlyList<string> scopes, IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(trust);
        var id = $"{_ids.NextStableId('T')}-{_ids.NextStableId('k')}";
        var client = new ApiClient { Id = id, Trust = trust, Scopes = scopes, Tags = tags };
        Put(client);
        return client;
    }

    /// <summary>Adds a client, or replaces the one of this id, e.g. with a rotated secret. Tokens that are out stay valid.</summary>
    public void Put(ApiClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.Secret is null == client.Trust is null)
        {
            throw new ArgumentException($"Client {client.Id} must have either a secret or a trust.", nameof(client));
        }
        if (client.Scopes.FirstOrDefault(scope => !Scopes.IsKnown(scope)) is { } unknown)
        {
            throw new ArgumentException($"Client {client.Id} has the scope \"{unknown}\", which does not exist.", nameof(client));
        }
        lock (_gate) _clients[client.Id] = client;
    }

    /// <summary>Removes the client; tokens that are out stay valid until they expire or are revoked.</summary>
    public bool Remove(string id)
    {
        lock (_gate) return _clients.Remove(id);
    }

    internal ApiClient? Find(string id)
    {
        lock (_gate) return _clients.GetValueOrDefault(id);
    }
}
