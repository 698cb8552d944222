using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Coordination.Routes;

/// <summary>The routes of a device beyond its own addresses.</summary>
/// <param name="Advertised">What its node would serve, exit routes included.</param>
/// <param name="Enabled">What was approved, by hand or by the policy's autoApprovers, whether advertised now or not.</param>
internal sealed record DeviceRoutes(IReadOnlyList<IPPrefix> Advertised, IReadOnlyList<IPPrefix> Enabled)
{
    private static readonly DeviceRoutes None = new([], []);

    /// <summary>What it may serve and does advertise.</summary>
    public IEnumerable<IPPrefix> Effective => Advertised.Where(Enabled.Contains);

    public static DeviceRoutes Of(TailnetDevice device, PolicyRules policy)
    {
        if (device.Node is not { } node || (node.Hostinfo.RoutableIPs.Count == 0 && node.RouteDecisions.Count == 0)) return None;
        var owner = new PolicyNode { User = device.User, Tags = device.Tags, Addresses = [] };
        var advertised = node.Hostinfo.RoutableIPs.Select(route => route.Masked()).Distinct().ToList();
        var enabled = advertised
            .Where(route => !node.RouteDecisions.ContainsKey(route) && policy.AutoApprovers.ApprovesRoute(route, owner))
            .Concat(node.RouteDecisions.Where(decision => decision.Value).Select(decision => decision.Key));
        return new DeviceRoutes(advertised, [.. enabled]);
    }
}
