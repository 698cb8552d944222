using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Everything that is wrong with a Service that asks for a proxy, each with the field and what to write instead.</summary>
public static partial class ServiceValidation
{
    public static ImmutableArray<ServiceViolation> Violations(Service service, OperatorSettings settings)
    {
        var found = ImmutableArray.CreateBuilder<ServiceViolation>();
        if (service.Spec?.ClusterIP == "None")
        {
            found.Add(new ServiceViolation("spec.clusterIP", "spec.clusterIP", "headless Services are not supported; give the Service a cluster IP"));
        }

        CheckEgress(service, found);
        if (settings.ProxyEngine == ProxyEngine.Managed && ServiceProxyMode.TargetOf(service, settings) is { IsEgress: true })
        {
            CheckEgressPorts(service, found);
        }

        CheckHostname(service, found);
        if (ServiceProxyMode.Annotation(service, ServiceAnnotations.Tags) is { } tags)
        {
            found.AddRange(ProxyTags.Violations(tags).Select(violation => ServiceViolation.OfAnnotation(ServiceAnnotations.Tags, violation)));
        }

        return found.ToImmutable();
    }

    private static void CheckEgress(Service service, ImmutableArray<ServiceViolation>.Builder found)
    {
        var ip = ServiceProxyMode.Annotation(service, ServiceAnnotations.TailnetIp);
        var fqdn = ServiceProxyMode.Annotation(service, ServiceAnnotations.TailnetFqdn);
        if (!string.IsNullOrEmpty(ip) && !string.IsNullOrEmpty(fqdn))
        {
            found.Add(ServiceViolation.OfAnnotation(
                ServiceAnnotations.TailnetFqdn, $"only one of this and {ServiceAnnotations.TailnetIp} may be set; remove the other"));
        }

        if (!string.IsNullOrEmpty(fqdn) && !MagicDnsName().IsMatch(fqdn))
        {
            found.Add(ServiceViolation.OfAnnotation(
                ServiceAnnotations.TailnetFqdn, $"\"{fqdn}\" is not a MagicDNS name; write it in full, like db.your-tailnet.ts.net"));
        }

        if (!string.IsNullOrEmpty(ip) && !IsAddress(ip))
        {
            found.Add(ServiceViolation.OfAnnotation(
                ServiceAnnotations.TailnetIp,
                $"\"{ip}\" could not be parsed as an IP address; write one address, like 100.64.0.1, without prefix length or port"));
        }
    }

    /// <summary>A proxy without privileges listens on single ports, so it has to be told them.</summary>
    private static void CheckEgressPorts(Service service, ImmutableArray<ServiceViolation>.Builder found)
    {
        const string Field = "spec.ports";
        var ports = service.Spec?.Ports ?? [];
        if (ports.Count == 0)
        {
            found.Add(new ServiceViolation(
                Field, Field, "an egress proxy of the managed engine listens on the Service's ports, and it has none; list those of the target, each with name, port and protocol"));
        }

        found.AddRange(
            from port in ports
            where !EgressPort.Carries(port)
            select new ServiceViolation(Field, Field, $"the managed engine does not carry {port.Protocol}, which port {port.Port} asks for; use TCP or UDP"));
    }

    private static void CheckHostname(Service service, ImmutableArray<ServiceViolation>.Builder found)
    {
        var hostname = HostnameOf(service);
        if (DnsLabel().IsMatch(hostname))
        {
            return;
        }

        const string Rule = "1 to 63 letters, digits and dashes, with a letter or digit at both ends";
        found.Add(ServiceProxyMode.Annotation(service, ServiceAnnotations.Hostname) is not null
            ? ServiceViolation.OfAnnotation(ServiceAnnotations.Hostname, $"invalid hostname \"{hostname}\"; use {Rule}")
            : new ServiceViolation(
                "metadata.name", "", $"derived hostname \"{hostname}\" is invalid ({Rule}); choose one with the annotation {ServiceAnnotations.Hostname}"));
    }

    /// <summary>The device's name: the annotation, even an empty one, else <c>namespace-name</c>.</summary>
    public static string HostnameOf(Service service) =>
        ServiceProxyMode.Annotation(service, ServiceAnnotations.Hostname)
        ?? $"{service.Metadata.Namespace}-{service.Metadata.Name}";

    // IPAddress also takes "1" and "0x7f.1", which no person means as an address.
    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address)
        && (text.Contains(':', StringComparison.Ordinal)
            ? !text.StartsWith('[')
            : address.ToString() == text);

    [GeneratedRegex(@"^[A-Za-z0-9-]+\.[A-Za-z0-9-]+\.ts\.net\.?\z", RegexOptions.CultureInvariant)]
    private static partial Regex MagicDnsName();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsLabel();
}
