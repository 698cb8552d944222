using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;

namespace Fairlead.Proxy.Forwarding;

/// <summary>Which ways traffic is to take: a pure function of the configuration, the device, and what names stand for just now.</summary>
public static class ForwardingPlan
{
    /// <param name="target">Addresses of the egress target's name; unused without one.</param>
    /// <param name="backends">Addresses of the ingress destination's name; unused without one.</param>
    /// <exception cref="ForwardingException">The device has no address of the family that its one target or destination needs.</exception>
    public static ImmutableArray<ForwardingRule> For(
        ProxyConfiguration configuration, DeviceSnapshot device, ImmutableArray<IPAddress> target, ImmutableArray<IPAddress> backends)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(device);
        var rules = ImmutableArray.CreateBuilder<ForwardingRule>();
        if (configuration.TargetName.Length > 0)
        {
            rules.AddRange(Egress(device, target, configuration.TargetName));
        }

        if (configuration.DestinationIp is { } destination)
        {
            rules.AddRange(ToAddress(configuration, device, destination));
        }

        if (configuration.DestinationName.Length > 0)
        {
            rules.AddRange(ToBackends(configuration, device, backends, configuration.DestinationName));
        }

        if (configuration.TargetIp is { } address)
        {
            rules.Add(new ForwardingRule.EgressToAddress(Own(device, address, ProxyVariables.TargetIp), address));
        }

        if (configuration.ClusterTrafficViaIngress)
        {
            rules.AddRange(
                from pod in configuration.PodIps
                let own = OfFamily(device.Addresses, pod.AddressFamily)
                where own is not null
                select new ForwardingRule.ClusterTraffic(pod, own));
        }

        return rules.ToImmutable();
    }

    /// <summary>
    /// A connection that ends in this process can go on in the other family, and the device's name stands for addresses of both; the kernel's
    /// address translation keeps to one.
    /// </summary>
    private static bool CrossesFamilies(ProxyConfiguration configuration) => configuration.Engine == ProxyEngine.Managed;

    private static IEnumerable<ForwardingRule> ToAddress(ProxyConfiguration configuration, DeviceSnapshot device, IPAddress destination)
    {
        ImmutableArray<IPAddress> own = CrossesFamilies(configuration) && !device.Addresses.IsEmpty
            ? device.Addresses
            : [Own(device, destination, ProxyVariables.DestinationIp)];
        return own.Select(address => new ForwardingRule.IngressToAddress(address, destination));
    }

    private static ForwardingRule[] Egress(DeviceSnapshot device, ImmutableArray<IPAddress> target, string name)
    {
        var rules = (
            from address in target
            let own = OfFamily(device.Addresses, address.AddressFamily)
            where own is not null
            select (ForwardingRule)new ForwardingRule.EgressToAddress(own, address)).ToArray();
        return rules.Length > 0 || target.IsEmpty
            ? rules
            : throw new ForwardingException(
                $"{ProxyVariables.TargetName} {name} has the addresses {string.Join(", ", target)}, and this device none of those families ({string.Join(", ", device.Addresses)}); give the device an address of one, or choose another target.");
    }

    private static ForwardingRule[] ToBackends(ProxyConfiguration configuration, DeviceSnapshot device, ImmutableArray<IPAddress> backends, string name)
    {
        var rules = (
            from own in device.Addresses
            let same = backends.Where(backend => backend.AddressFamily == own.AddressFamily).ToImmutableArray()
            let usable = same.IsEmpty && CrossesFamilies(configuration) ? backends : same
            where usable.Length > 0
            select (ForwardingRule)new ForwardingRule.IngressToBackends(own, usable)).ToArray();
        return rules.Length > 0 || backends.IsEmpty
            ? rules
            : throw new ForwardingException(
                $"{ProxyVariables.DestinationName} {name} has the addresses {string.Join(", ", backends)}, and this device none of those families ({string.Join(", ", device.Addresses)}).");
    }

    private static IPAddress Own(DeviceSnapshot device, IPAddress other, string variable) =>
        OfFamily(device.Addresses, other.AddressFamily)
        ?? throw new ForwardingException(
            $"{variable} is {other}, and this device has no address of that family ({string.Join(", ", device.Addresses)}); use one of a family that the tailnet gives its devices.");

    private static IPAddress? OfFamily(ImmutableArray<IPAddress> addresses, AddressFamily family) =>
        addresses.FirstOrDefault(address => address.AddressFamily == family);
}
