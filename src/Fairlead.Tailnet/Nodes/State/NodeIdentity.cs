using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Nodes.State;

/// <summary>
/// The keys of a node as its store has them: the machine's, and in the current profile the node's. Whatever else a profile that another
/// program wrote holds stays as it is.
/// </summary>
internal sealed class NodeIdentity : IDisposable
{
    private const string ConfigField = "Config";
    private const string NodeKeyField = "PrivateNodeKey";
    private const string OldNodeKeyField = "OldPrivateNodeKey";
    private const string NodeIdField = "NodeID";

    private readonly INodeStateStore _store;
    private readonly string _profileKey;
    private readonly JsonObject _profile;
    private bool _isHalfNoted;

    private NodeIdentity(INodeStateStore store, string profileKey, JsonObject profile, MachinePrivateKey machine, NodePrivateKey? node)
    {
        _store = store;
        _profileKey = profileKey;
        _profile = profile;
        Machine = machine;
        Node = node;
    }

    public MachinePrivateKey Machine { get; }

    /// <summary>Null before the first registration, and after a logout.</summary>
    public NodePrivateKey? Node { get; private set; }

    /// <summary>Reads the identity; makes and stores a machine key if there is none.</summary>
    /// <exception cref="NodeStateException">The store cannot be used, or holds what is no identity.</exception>
    public static async Task<NodeIdentity> LoadAsync(INodeStateStore store, CancellationToken cancellationToken)
    {
        var machine = await LoadMachineKeyAsync(store, cancellationToken).ConfigureAwait(false);
        var current = await store.ReadAsync(NodeStateKeys.CurrentProfile, cancellationToken).ConfigureAwait(false);
        var profileKey = current is { Length: > 0 } ? Encoding.UTF8.GetString(current) : NodeStateKeys.Profile(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2)));
        var profile = await LoadProfileAsync(store, profileKey, cancellationToken).ConfigureAwait(false);
        try
        {
            var text = profile[ConfigField]?[NodeKeyField]?.GetValue<string>();
            return new NodeIdentity(store, profileKey, profile, machine, IsKey(text) ? NodePrivateKey.Parse(text) : null);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new NodeStateException($"The value '{profileKey}' of the node's state holds no node key; restore the state, or remove it to register the node anew.");
        }
    }

    /// <summary>Stores a new node key before it is first used, so that no crash leaves a node behind that nobody has the key of.</summary>
    public async Task UseAsync(NodePrivateKey key, CancellationToken cancellationToken)
    {
        var config = Config();
        if (Node is not null)
        {
            config[OldNodeKeyField] = Node.ToText();
        }

        config[NodeKeyField] = key.ToText();
        await SaveAsync(cancellationToken).ConfigureAwait(false);
        Node = key;
    }

    /// <summary>Notes who the node is now. Writes only what is new.</summary>
    public async Task NoteRegistrationAsync(string stableId, Uri controlUrl, string loginName, CancellationToken cancellationToken)
    {
        var config = Config();
        if (!_isHalfNoted && config[NodeIdField]?.GetValue<string>() == stableId && !config.ContainsKey(OldNodeKeyField))
        {
            return;
        }

        // Until the store has all of it: without the current profile's name the next start would not find the key.
        _isHalfNoted = true;
        config.Remove(OldNodeKeyField);
        config[NodeIdField] = stableId;
        _profile["ControlURL"] = controlUrl.ToString().TrimEnd('/');
        _profile["WantRunning"] = true;
        _profile["LoggedOut"] = false;
        await SaveAsync(cancellationToken).ConfigureAwait(false);
        var id = _profileKey.StartsWith("profile-", StringComparison.Ordinal) ? _profileKey["profile-".Length..] : _profileKey;
        var profiles = await LoadProfileAsync(_store, NodeStateKeys.Profiles, cancellationToken).ConfigureAwait(false);
        profiles[id] = new JsonObject
        {
            ["ID"] = id,
            ["Name"] = loginName,
            ["Key"] = _profileKey,
            ["NodeID"] = stableId,
            ["ControlURL"] = controlUrl.ToString().TrimEnd('/'),
            ["UserProfile"] = new JsonObject { ["LoginName"] = loginName },
        };
        await StoreAsync(NodeStateKeys.Profiles, profiles.ToJsonString()).ConfigureAwait(false);
        await StoreAsync(NodeStateKeys.CurrentProfile, _profileKey).ConfigureAwait(false);
        _isHalfNoted = false;

        ValueTask StoreAsync(string key, string value) => _store.WriteAsync(key, Encoding.UTF8.GetBytes(value), cancellationToken);
    }

    /// <summary>Drops the node key, as a logout does: the next start registers a new node.</summary>
    public async Task ForgetNodeAsync(CancellationToken cancellationToken)
    {
        _profile.Remove(ConfigField);
        _profile["LoggedOut"] = true;
        await SaveAsync(cancellationToken).ConfigureAwait(false);
        Node = null;
    }

    public void Dispose()
    {
        Machine.Dispose();
        Node?.Dispose();
    }

    private static async Task<MachinePrivateKey> LoadMachineKeyAsync(INodeStateStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(NodeStateKeys.MachineKey, cancellationToken).ConfigureAwait(false) is { Length: > 0 } stored)
        {
            try
            {
                return MachinePrivateKey.Parse(Encoding.UTF8.GetString(stored));
            }
            catch (FormatException)
            {
                throw new NodeStateException($"The value '{NodeStateKeys.MachineKey}' of the node's state is no machine key; restore the state, or remove it to register the node anew.");
            }
        }

        var key = MachinePrivateKey.Generate();
        await store.WriteAsync(NodeStateKeys.MachineKey, Encoding.UTF8.GetBytes(key.ToText()), cancellationToken).ConfigureAwait(false);
        return key;
    }

    private static async Task<JsonObject> LoadProfileAsync(INodeStateStore store, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { Length: > 0 } stored ? JsonNode.Parse(stored) as JsonObject ?? [] : [];
        }
        catch (JsonException)
        {
            throw new NodeStateException($"The value '{key}' of the node's state is no profile; restore the state, or remove it to register the node anew.");
        }
    }

    /// <summary>A logged-out profile of tailscaled holds the zero key, or none.</summary>
    private static bool IsKey(string? text) => !string.IsNullOrEmpty(text) && text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1).ContainsAnyExcept('0');

    private JsonObject Config()
    {
        if (_profile[ConfigField] is JsonObject config)
        {
            return config;
        }

        var made = new JsonObject();
        _profile[ConfigField] = made;
        return made;
    }

    private ValueTask SaveAsync(CancellationToken cancellationToken) =>
        _store.WriteAsync(_profileKey, Encoding.UTF8.GetBytes(_profile.ToJsonString()), cancellationToken);
}
