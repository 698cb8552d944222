using System.Text.Json;
using Fairlead.Dev.Tailnet.Coordination.Dns;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// What one node has been told so far, and what it has to be told next. Where a view's part is the same object as before it is not
/// even looked at; where it is another one, it is sent only if its JSON differs.
/// </summary>
internal sealed class MapSession(string nodeId, string domain, string dnsSuffix, TimeProvider time)
{
    private readonly Dictionary<long, NodeView> _peers = [];
    private readonly Dictionary<long, UserProfile> _profiles = [];
    private TailnetView? _last;
    private byte[] _self = [];
    private byte[] _filter = [];
    private byte[] _dns = [];

    /// <summary>Is the node still there?</summary>
    public static bool Exists(TailnetView view, string nodeId) => view.Find(nodeId) is not null;

    /// <summary>What leads from the last view to this one; null if nothing that concerns the node changed.</summary>
    /// <param name="withPeers">False leaves the peers out.</param>
    public MapMessage? Next(TailnetView view, bool withPeers = true)
    {
        var node = view.Find(nodeId)!;
        var message = new MapMessage();
        var isFirst = _last is null;
        AddSelf(message, node, view);
        if (withPeers) AddPeers(message, node, view, isFirst);
        if (!ReferenceEquals(_last?.Shared.DerpMap, view.Shared.DerpMap)) message.DerpMap = ControlJson.Serialize(view.Shared.DerpMap);
        if (isFirst) message.Domain = domain;
        if (message.IsEmpty)
        {
            _last = view;
            return null;
        }
        if (isFirst) message.ControlTime = time.GetUtcNow();
        _last = view;
        return message;
    }

    /// <summary>
    /// What to tell a node that was deleted: its key is no longer good. A stream that only ends is asked for again, and the user would
    /// not learn why nothing works.
    /// </summary>
    /// <returns>Null if it was told nothing yet.</returns>
    public MapMessage? Farewell() => _last is { } last && last.Find(nodeId) is { } node
        ? new MapMessage { Node = ControlJson.Serialize(SelfView.Of(node, last) with { KeyExpiry = time.GetUtcNow() }) }
        : null;

    private void AddSelf(MapMessage message, NodeView node, TailnetView view)
    {
        var isSame = _last is { } last && ReferenceEquals(last.Find(nodeId), node) && ReferenceEquals(last.Shared, view.Shared);
        if (!isSame)
        {
            message.Node = IfChanged(ref _self, ControlJson.Serialize(SelfView.Of(node, view)));
            message.DnsConfig = IfChanged(ref _dns, ControlJson.Serialize(DnsView.Of(node, view, dnsSuffix)));
            AddProfile(message, SelfView.ProfileOf(node));
        }
        if (isSame && ReferenceEquals(_last!.Policy, view.Policy)) return;
        var position = view.PositionOf(node);
        var rules = position < 0 ? [] : view.Policy.FilterOf(position);
        message.PacketFilter = IfChanged(ref _filter, JsonSerializer.SerializeToUtf8Bytes(rules, ControlJson.TypeInfo<IReadOnlyList<FilterRule>>()));
    }

    private void AddPeers(MapMessage message, NodeView self, TailnetView view, bool isFirst)
    {
        var position = view.PositionOf(self);
        var visible = position < 0 ? new NodeSet(view.Usable.Count) : view.Policy.VisibleTo(position);
        if (position >= 0) visible.Remove(position);
        var seen = 0;
        for (var i = 0; i < view.Usable.Count; i++)
        {
            if (!visible[i]) continue;
            AddPeer(message, view.Usable[i], isFirst);
            seen++;
        }
        if (seen == _peers.Count) return;
        message.PeersRemoved.AddRange(_peers.Values.Where(peer => view.PositionOf(peer) is var at && (at < 0 || !visible[at])).Select(peer => peer.Id));
        foreach (var id in message.PeersRemoved) _peers.Remove(id);
    }

    private void AddPeer(MapMessage message, NodeView peer, bool isFirst)
    {
        var before = _peers.GetValueOrDefault(peer.Id);
        if (ReferenceEquals(before, peer)) return;
        _peers[peer.Id] = peer;
        if (before is null || before.Peer.User != peer.Peer.User) AddProfile(message, SelfView.OwnerProfileOf(peer));
        if (isFirst) message.Peers.Add(peer.Json);
        else if (before is not null && peer.PatchFrom(before) is { } patch) message.PeersChangedPatch.Add(patch);
        else message.PeersChanged.Add(peer.Json);
    }

    private void AddProfile(MapMessage message, UserProfile profile)
    {
        if (_profiles.TryGetValue(profile.ID, out var sent) && sent.LoginName == profile.LoginName) return;
        _profiles[profile.ID] = profile;
        message.UserProfiles.Add(ControlJson.Serialize(profile));
    }

    private static byte[]? IfChanged(ref byte[] before, byte[] after)
    {
        if (before.AsSpan().SequenceEqual(after)) return null;
        before = after;
        return after;
    }
}
