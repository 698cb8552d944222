using System.Globalization;
using System.Net;
using Fairlead.Dev.Tailnet.Coordination.Routes;
using Fairlead.Dev.Tailnet.Coordination.Users;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Dev.Tailnet.Settings;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// Makes views of the tailnet out of its registries, keeping of the view before whatever is still true, so that streams can tell
/// what changed by comparing references. Not safe for use by several threads.
/// </summary>
internal sealed class TailnetViewBuilder(
    DeviceRegistry devices, PolicyFile policy, VipServiceRegistry services, TailnetSettingsStore settings, UserDirectory users, TimeProvider time)
{
    private readonly PrimaryRoutes _primaries = new();
    private TailnetView? _last;
    private IReadOnlyList<TailnetService> _lastServices = [];

    public TailnetView Build(DerpMap derpMap)
    {
        var shared = BuildShared(derpMap);
        var now = time.GetUtcNow();
        var parts = devices.Snapshot().Where(device => device.Node is not null).Select(device => Part(device, shared, now)).ToList();
        var primaries = _primaries.Choose(Candidates(parts, shared));
        var nodes = parts
            .Select(part => View(part, [.. part.Serves(shared).Where(prefix => primaries[prefix] == part.Id)]))
            .OrderBy(node => node.Id)
            .ToList();
        var usable = nodes.Where(node => node.IsUsable).ToList();
        var resolved = _last is { } last && ReferenceEquals(last.Shared, shared) && SamePolicyInput(last.Usable, usable)
            ? last.Policy
            : new PolicyView(shared.Rules, [.. usable.Select(node => node.Policy)], shared.Services);
        return _last = new TailnetView(nodes, usable, resolved, shared);
    }

    private SharedView BuildShared(DerpMap derpMap)
    {
        var rules = policy.Current.Rules;
        var https = settings.HttpsEnabled;
        var list = services.Snapshot();
        if (_last?.Shared is { } shared && ReferenceEquals(shared.Rules, rules) && ReferenceEquals(shared.DerpMap, derpMap)
            && shared.HttpsEnabled == https && list.SequenceEqual(_lastServices))
        {
            return shared;
        }
        _lastServices = list;
        var addresses = list.ToDictionary(service => service.Name, service => Prefixes(service.Addresses));
        return new SharedView(rules, addresses, derpMap, https);
    }

    private NodePart Part(TailnetDevice device, SharedView shared, DateTimeOffset now)
    {
        var expired = device.IsExpiredAt(now);
        if (_last is { } last && ReferenceEquals(last.Shared, shared) && last.Find(device.NodeId) is { } known && ReferenceEquals(known.Device, device))
        {
            return new NodePart(known.Id, device, known.Policy, expired);
        }
        var routes = DeviceRoutes.Of(device, shared.Rules).Effective.ToList();
        var owner = new PolicyNode { User = device.User, Tags = device.Tags, Addresses = Prefixes(device.Addresses) };
        var node = owner with
        {
            Routes = [.. routes.Where(route => route.Bits > 0)],
            IsExitNode = routes.Any(route => route.Bits == 0),
            Services = [.. device.Node!.AdvertisedServices.Where(name => IsApproved(name, device, shared))],
        };
        return new NodePart(long.Parse(device.Id, CultureInfo.InvariantCulture), device, node, expired);
    }

    private bool IsApproved(string name, TailnetDevice device, SharedView shared) =>
        _lastServices.FirstOrDefault(service => service.Name == name) is { } service
        && ServiceApproval.Of(service, device, shared.Rules).Approved;

    private static Dictionary<IPPrefix, List<(long Node, bool Online)>> Candidates(List<NodePart> parts, SharedView shared)
    {
        var candidates = new Dictionary<IPPrefix, List<(long, bool)>>();
        foreach (var part in parts)
        {
            foreach (var prefix in part.Serves(shared))
            {
                if (!candidates.TryGetValue(prefix, out var nodes)) candidates[prefix] = nodes = [];
                nodes.Add((part.Id, part.Device.Node!.Online));
            }
        }
        return candidates;
    }

    private NodeView View(NodePart part, IReadOnlyList<IPPrefix> primaryRoutes) =>
        _last?.Find(part.Device.NodeId) is { } last && last.Matches(part.Device, part.Policy, primaryRoutes, part.Expired)
            ? last
            : new NodeView(
                part.Device, part.Policy, primaryRoutes, part.Device.IsTagged ? null : users.GetOrAdd(part.Device.User), part.Expired);

    // What the policy does not see, such as endpoints, is what changes most often.
    private static bool SamePolicyInput(IReadOnlyList<NodeView> before, List<NodeView> after)
    {
        if (before.Count != after.Count) return false;
        for (var i = 0; i < after.Count; i++)
        {
            if (!ReferenceEquals(before[i], after[i]) && !SamePolicyInput(before[i], after[i])) return false;
        }
        return true;
    }

    private static bool SamePolicyInput(NodeView before, NodeView after) =>
        before.Id == after.Id && before.Policy.User == after.Policy.User && before.Policy.Tags.SequenceEqual(after.Policy.Tags)
        && before.Policy.IsExitNode == after.Policy.IsExitNode && before.Policy.Routes.SequenceEqual(after.Policy.Routes)
        && before.Policy.Services.SequenceEqual(after.Policy.Services);

    private static IReadOnlyList<IPPrefix> Prefixes(IReadOnlyList<string> addresses) =>
        [.. addresses.Select(address => IPPrefix.Of(IPAddress.Parse(address)))];

    private sealed record NodePart(long Id, TailnetDevice Device, PolicyNode Policy, bool Expired)
    {
        // A node that does not take part serves nobody.
        public IEnumerable<IPPrefix> Serves(SharedView shared) =>
            Expired || !Device.Authorized ? [] : Policy.Routes.Concat(Policy.Services.SelectMany(name => shared.Services[name]));
    }
}
