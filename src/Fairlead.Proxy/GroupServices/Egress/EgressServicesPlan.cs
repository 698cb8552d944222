using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Targets;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>What egress Services mean for one Pod at one moment: a pure function of them, the device and the Pod's addresses.</summary>
/// <param name="Told">To the operator, true once the rules are in force.</param>
/// <param name="Unresolved">Targets that the tailnet does not know; their Services are told without addresses.</param>
/// <param name="Refused">Why Services are left out.</param>
internal sealed record EgressServicesPlan(
    ImmutableArray<ForwardingRule> Rules, EgressServicesStatus Told, ImmutableArray<string> Unresolved, ImmutableArray<string> Refused)
{
    /// <summary>As the operator reads it.</summary>
    public string Status => JsonSerializer.Serialize(Told, GroupServicesJson.Default.EgressServicesStatus);

    /// <param name="device">Addresses of a target whose family it lacks are not used.</param>
    public static EgressServicesPlan For(EgressServices services, DeviceSnapshot device, ImmutableArray<IPAddress> podIps)
    {
        var rules = ImmutableArray.CreateBuilder<ForwardingRule>();
        var unresolved = ImmutableArray.CreateBuilder<string>();
        var refused = ImmutableArray.CreateBuilder<string>();
        var taken = new Dictionary<(TransportProtocol Protocol, int Port), string>();
        var told = new SortedDictionary<string, EgressServiceStatus>(StringComparer.Ordinal);
        foreach (var (name, service) in services.Entries)
        {
            if (Problem(name, service, taken) is { } problem)
            {
                refused.Add(problem);
                continue;
            }

            var known = Addresses(service.Target, device);
            if (known.IsEmpty)
            {
                unresolved.Add(service.Target.Fqdn);
            }

            ImmutableArray<(IPAddress Target, IPAddress Own)> ways =
            [
                .. from target in known
                   let own = device.Addresses.FirstOrDefault(address => address.AddressFamily == target.AddressFamily)
                   where own is not null
                   select (target, own),
            ];
            rules.AddRange(
                from port in service.Ports
                from way in ways
                select new ForwardingRule.EgressPort(name, ProtocolOf(port)!.Value, (ushort)port.MatchPort, way.Own, way.Target, (ushort)port.TargetPort));
            told[name] = new EgressServiceStatus { Ports = service.Ports, Target = service.Target, TargetIps = [.. ways.Select(way => way.Target.ToString())] };
        }

        var status = new EgressServicesStatus
        {
            PodIPv4 = PodAddresses.Text(podIps, AddressFamily.InterNetwork) ?? "",
            PodIPv6 = PodAddresses.Text(podIps, AddressFamily.InterNetworkV6),
            Services = told,
        };
        return new EgressServicesPlan(rules.ToImmutable(), status, unresolved.ToImmutable(), refused.ToImmutable());
    }

    /// <summary>The same as it was carried out: a Service with a port that leads nowhere is not told, so that no client is led to it.</summary>
    public EgressServicesPlan Without(ImmutableArray<RefusedPort> ports)
    {
        var told = Told.Services.Where(service => !ports.Any(port => port.Service == service.Key)).ToDictionary(StringComparer.Ordinal);
        return this with { Told = Told with { Services = new SortedDictionary<string, EgressServiceStatus>(told, StringComparer.Ordinal) } };
    }

    private static ImmutableArray<IPAddress> Addresses(EgressTargetEntry target, DeviceSnapshot device) =>
        target.Ip.Length > 0 ? [IPAddress.Parse(target.Ip)] : TailnetTarget.Resolve(target.Fqdn, device);

    /// <summary>Why a Service cannot be carried out; notes its ports otherwise, which no other may have then.</summary>
    private static string? Problem(string name, EgressServiceEntry service, Dictionary<(TransportProtocol Protocol, int Port), string> taken)
    {
        if (service.Target.Ip.Length > 0 ? !IPAddress.TryParse(service.Target.Ip, out _) : service.Target.Fqdn.Length == 0)
        {
            return $"{name}: its tailnetTarget is neither an address nor a name";
        }

        foreach (var port in service.Ports)
        {
            if (ProtocolOf(port) is not { } protocol || port.MatchPort is < 1 or > ushort.MaxValue || port.TargetPort is < 1 or > ushort.MaxValue)
            {
                return $"{name}: '{port.Protocol}' port {port.MatchPort} to {port.TargetPort} is none; the protocol can be TCP or UDP, ports 1 to {ushort.MaxValue}";
            }

            if (taken.TryGetValue((protocol, port.MatchPort), out var other) && other != name)
            {
                return $"{name}: {port.Protocol} port {port.MatchPort} of the Pod is {other}'s";
            }
        }

        foreach (var port in service.Ports)
        {
            taken[(ProtocolOf(port)!.Value, port.MatchPort)] = name;
        }

        return null;
    }

    private static TransportProtocol? ProtocolOf(EgressPortEntry port) =>
        string.Equals(port.Protocol, "TCP", StringComparison.OrdinalIgnoreCase) ? TransportProtocol.Tcp
        : string.Equals(port.Protocol, "UDP", StringComparison.OrdinalIgnoreCase) ? TransportProtocol.Udp
        : null;
}
