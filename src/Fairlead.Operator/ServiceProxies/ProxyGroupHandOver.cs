using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>What a Service that has a proxy of its own and a ProxyGroup that is to serve it have to do with each other.</summary>
internal static class ProxyGroupHandOver
{
    /// <summary>How often a hand-over that waits is looked at: whether a group exists is not watched.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    /// <summary>What has to be so before the proxy of the Service's own may go; null when all is.</summary>
    public static Wait? WaitsFor(ServiceSnapshot snapshot)
    {
        var service = snapshot.Service;
        var group = ServiceProxyMode.Annotation(service, ServiceAnnotations.ProxyGroup);
        if (string.IsNullOrEmpty(group))
        {
            // A slip rather than a decision to go without the proxy.
            return new Wait(
                ServiceConditions.Invalid, ServiceConditions.InvalidServiceEvent,
                $"annotation {ServiceAnnotations.ProxyGroup} is empty; name a ProxyGroup, or remove the annotation",
                LookAgainAfter: null);
        }

        var problem = snapshot.ProxyGroupExists switch
        {
            false => $"ProxyGroup \"{group}\" does not exist; create it, or correct or remove the annotation {ServiceAnnotations.ProxyGroup}",
            null => $"ProxyGroup \"{group}\" could not be looked up; give the operator the right to get proxygroups.tailscale.com, "
                + $"or remove the annotation {ServiceAnnotations.ProxyGroup}",
            _ when IsServed(service) => null,
            _ => $"ProxyGroup \"{group}\" does not serve the Service yet: it has neither the condition {ServiceConditions.GroupIngressConfigured} nor "
                + $"{ServiceConditions.GroupEgressConfigured} with status True; see the ProxyGroup's conditions and whether an operator runs ProxyGroups, "
                + $"or remove the annotation {ServiceAnnotations.ProxyGroup}",
        };
        return problem is null ? null : new Wait(ServiceConditions.Pending, ServiceConditions.HandOverWaitsEvent, problem, CheckInterval);
    }

    /// <summary>
    /// Whether the finalizer is not ours to remove: the controller of ProxyGroups' egress Services uses one of the same name, and says by
    /// its conditions that it has the Service.
    /// </summary>
    public static bool HasTakenFinalizer(Service service) =>
        ServiceProxyMode.BelongsToProxyGroup(service)
        && service.Status?.Conditions?.Any(condition => condition.Type?.StartsWith(ServiceConditions.GroupEgressPrefix, StringComparison.Ordinal) == true) == true;

    /// <summary>
    /// The Service with a load balancer status that no longer names the device which is being removed. What the group has put there stays.
    /// A Service that belongs to no group stays as it is.
    /// </summary>
    public static Service WithoutAnnouncement(Service service, ProxyChildren children)
    {
        if (!ServiceProxyMode.BelongsToProxyGroup(service) || service.Status?.LoadBalancer is not { Ingress: { Count: > 0 } announced } balancer)
        {
            return service;
        }

        var own = children.Secrets.SelectMany(AnnouncedBy).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<LoadBalancerIngress> left = [.. announced.Where(entry => !own.Contains(entry.Hostname ?? entry.Ip ?? ""))];
        return left.Length == announced.Count
            ? service
            : service with { Status = service.Status with { LoadBalancer = balancer with { Ingress = left.IsEmpty ? null : left } } };
    }

    private static bool IsServed(Service service) => service.Status?.Conditions?.Any(condition =>
        condition is { Type: ServiceConditions.GroupIngressConfigured or ServiceConditions.GroupEgressConfigured, Status: "True" }) == true;

    private static IEnumerable<string> AnnouncedBy(Secret secret)
    {
        try
        {
            return ProxyDevice.From(secret) is { Hostname: { } hostname } device ? [hostname, .. device.Addresses] : [];
        }
        catch (FormatException)
        {
            // Addresses that cannot be read were never announced.
            return [];
        }
    }

    /// <param name="Reason">Of the condition that tells it.</param>
    /// <param name="Message">What is missing, and what to do about it.</param>
    /// <param name="LookAgainAfter">Null where the Service itself has to change.</param>
    public sealed record Wait(string Reason, string EventReason, string Message, TimeSpan? LookAgainAfter);
}
