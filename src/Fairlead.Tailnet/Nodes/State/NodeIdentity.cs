using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Nodes.State;

/// <summary>
/// The keys of a node as its store has them: the machine's, and in the current profile the node's. Whatever else a profile that another
/// program wrote holds stays as it is. While the node's key is renewed the profile holds two, as tailscaled's does: the next one, and the
/// old one that vouches for it. Safe to use from several threads.
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
    private readonly List<NodePrivateKey> _retired = [];

    // A renewal and the note of a registration come from different loops, and both change the profile.
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isUnwritten;

    private NodeIdentity(INodeStateStore store, string profileKey, JsonObject profile, MachinePrivateKey machine)
    {
        _store = store;
        _profileKey = profileKey;
        _profile = profile;
        Machine = machine;
    }

    public MachinePrivateKey Machine { get; }

    /// <summary>Null before the first registration, and after a logout.</summary>
    public NodePrivateKey? Node { get; private set; }

    /// <summary>The key of a renewal that began and whose end nobody noted: the server knows the node by this one or by <see cref="Node"/>.</summary>
    public NodePrivateKey? Next { get; private set; }

    private string ProfileId => _profileKey.StartsWith("profile-", StringComparison.Ordinal) ? _profileKey["profile-".Length..] : _profileKey;

    /// <summary>Reads the identity; makes a machine key if there is none, which is stored with the node's.</summary>
    /// <exception cref="NodeStateException">The store cannot be used, or holds what is no identity.</exception>
    public static async Task<NodeIdentity> LoadAsync(INodeStateStore store, CancellationToken cancellationToken)
    {
        var machine = await LoadMachineKeyAsync(store, cancellationToken).ConfigureAwait(false);
        var current = await store.ReadAsync(NodeStateKeys.CurrentProfile, cancellationToken).ConfigureAwait(false);
        var profileKey = current is { Length: > 0 } ? Encoding.UTF8.GetString(current) : NodeStateKeys.Profile(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2)));
        var profile = await LoadProfileAsync(store, profileKey, cancellationToken).ConfigureAwait(false);
        try
        {
            var identity = new NodeIdentity(store, profileKey, profile, machine ?? MachinePrivateKey.Generate());
            identity.ReadNodeKeys();
            if (machine is null && identity.Node is not null)
            {
                // Somebody removed it; the node goes on with this one.
                await identity.SaveAsync(cancellationToken, (NodeStateKeys.MachineKey, identity.Machine.ToText())).ConfigureAwait(false);
            }

            return identity;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new NodeStateException($"The value '{profileKey}' of the node's state holds no node key; restore the state, or remove it to register the node anew.");
        }
    }

    /// <summary>
    /// Stores a node's first key before it is used, with all that the next start finds it by, so that no crash leaves a node behind that
    /// nobody has the key of. The profile has no <c>NodeID</c> then: by that it can be told from one of a registered node.
    /// </summary>
    /// <param name="key">This object's from then on, unless that fails.</param>
    public async Task CreateAsync(NodePrivateKey key, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        SetNodeKeys(key, null);
        var profiles = await LoadProfileAsync(_store, NodeStateKeys.Profiles, cancellationToken).ConfigureAwait(false);
        if (!profiles.ContainsKey(ProfileId))
        {
            profiles[ProfileId] = new JsonObject { ["ID"] = ProfileId, ["Name"] = "", ["Key"] = _profileKey };
        }

        await SaveAsync(
            cancellationToken,
            (NodeStateKeys.MachineKey, Machine.ToText()),
            (NodeStateKeys.Profiles, profiles.ToJsonString()),
            (NodeStateKeys.CurrentProfile, _profileKey)).ConfigureAwait(false);
        Node = key;
    }

    /// <summary>
    /// Stores the key that is to take the place of the present one, beside that one and before the server hears of it: whichever of the two
    /// the server knows when the process is killed, the next start has it.
    /// </summary>
    /// <param name="next">This object's from then on, unless that fails. One that was stored before is given up for it.</param>
    public async Task BeginRenewalAsync(NodePrivateKey next, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        var wasUnwritten = _isUnwritten;
        _isUnwritten = true;
        SetNodeKeys(Node!, next);
        await SaveAsync(cancellationToken).ConfigureAwait(false);
        _isUnwritten = wasUnwritten;
        Retire(Next);
        Next = next;
    }

    /// <summary>Takes one of <see cref="Node"/> and <see cref="Next"/> as the node's key; the other is dropped from the store with the next note of a registration.</summary>
    public async Task EndRenewalAsync(NodePrivateKey key, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        if (Next is null)
        {
            return;
        }

        _isUnwritten = true;
        Retire(ReferenceEquals(key, Node) ? Next : Node);
        (Node, Next) = (key, null);
    }

    /// <summary>Notes who the node is now. Writes only what is new, and nothing for a node that is logged out.</summary>
    public async Task NoteRegistrationAsync(string stableId, Uri controlUrl, string loginName, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        if (Node is null || (!_isUnwritten && Config()[NodeIdField]?.GetValue<string>() == stableId))
        {
            return;
        }

        // Until the store has it.
        _isUnwritten = true;
        SetNodeKeys(Node, Next);
        Config()[NodeIdField] = stableId;
        _profile["ControlURL"] = controlUrl.ToString().TrimEnd('/');
        _profile["WantRunning"] = true;
        _profile["LoggedOut"] = false;
        var profiles = await LoadProfileAsync(_store, NodeStateKeys.Profiles, cancellationToken).ConfigureAwait(false);
        profiles[ProfileId] = new JsonObject
        {
            ["ID"] = ProfileId,
            ["Name"] = loginName,
            ["Key"] = _profileKey,
            ["NodeID"] = stableId,
            ["ControlURL"] = controlUrl.ToString().TrimEnd('/'),
            ["UserProfile"] = new JsonObject { ["LoginName"] = loginName },
        };
        await SaveAsync(cancellationToken, (NodeStateKeys.Profiles, profiles.ToJsonString())).ConfigureAwait(false);
        _isUnwritten = false;
    }

    /// <summary>Drops the node key, as a logout does: the next start registers a new node.</summary>
    public async Task ForgetNodeAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        _profile.Remove(ConfigField);
        _profile["LoggedOut"] = true;
        await SaveAsync(cancellationToken).ConfigureAwait(false);
        Retire(Node);
        Retire(Next);
        (Node, Next) = (null, null);
    }

    /// <summary>The keys cannot be used any more; what the store has can still be forgotten.</summary>
    public void Dispose()
    {
        Machine.Dispose();
        Node?.Dispose();
        Next?.Dispose();
        _retired.ForEach(key => key.Dispose());
    }

    private static async Task<MachinePrivateKey?> LoadMachineKeyAsync(INodeStateStore store, CancellationToken cancellationToken)
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

        return null;
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
    private static NodePrivateKey? KeyOf(JsonNode? value) =>
        value?.GetValue<string>() is { Length: > 0 } text && text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1).ContainsAnyExcept('0')
            ? NodePrivateKey.Parse(text)
            : null;

    /// <summary>
    /// tailscaled keeps the old key when a renewal has long ended. That does no harm: the server then knows the other one, which is asked for
    /// first.
    /// </summary>
    private void ReadNodeKeys()
    {
        var config = _profile[ConfigField];
        (Node, Next) = (KeyOf(config?[NodeKeyField]), null);
        if (Node is { } next && KeyOf(config?[OldNodeKeyField]) is { } old)
        {
            (Node, Next) = (old, next);
        }
    }

    private void SetNodeKeys(NodePrivateKey node, NodePrivateKey? next)
    {
        var config = Config();
        config[NodeKeyField] = (next ?? node).ToText();
        if (next is null)
        {
            config.Remove(OldNodeKeyField);
        }
        else
        {
            config[OldNodeKeyField] = node.ToText();
        }
    }

    /// <summary>Whoever works with the key still may go on until the node ends.</summary>
    private void Retire(NodePrivateKey? key)
    {
        if (key is not null)
        {
            _retired.Add(key);
        }
    }

    private async ValueTask<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turn);
    }

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

    /// <summary>Writes the profile, and what goes with it.</summary>
    private ValueTask SaveAsync(CancellationToken cancellationToken, params ReadOnlySpan<(string Key, string Value)> others)
    {
        var values = new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [_profileKey] = Encoding.UTF8.GetBytes(_profile.ToJsonString()) };
        foreach (var (key, value) in others)
        {
            values[key] = Encoding.UTF8.GetBytes(value);
        }

        return _store.WriteAsync(values, cancellationToken);
    }

    private readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
