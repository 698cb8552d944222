using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>A port on which a proxy without privileges takes traffic from the cluster for a target on the tailnet.</summary>
/// <param name="IsUdp">UDP; otherwise TCP.</param>
public readonly record struct EgressPort(int Number, bool IsUdp)
{
    /// <summary>Below this number a process needs a privilege for a port, unless its network namespace says otherwise (ip(7)).</summary>
    private const int FirstUnprivileged = 1024;

    public bool IsPrivileged => Number < FirstUnprivileged;

    /// <summary>
    /// The ports of a Service, in an order of their own: one in which the Service only lists them differently must not restart a proxy.
    /// Those of other protocols are left out.
    /// </summary>
    public static ImmutableArray<EgressPort> Of(Service service) =>
    [
        .. (service.Spec?.Ports ?? [])
            .Where(port => port.Port is not null && Carries(port))
            .Select(port => new EgressPort(port.Port!.Value, port.Protocol == "UDP"))
            .Distinct()
            .OrderBy(port => port.Number)
            .ThenBy(port => port.IsUdp),
    ];

    /// <summary>Whether a proxy can take the port's traffic without privileges. Ports without a protocol are TCP's.</summary>
    public static bool Carries(ServicePort port) => port.Protocol is null or "" or "TCP" or "UDP";

    /// <summary>As <c>FAIRLEAD_EGRESS_PORTS</c> lists it: <c>5432</c>, <c>53/udp</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}{(IsUdp ? "/udp" : "")}");
}
