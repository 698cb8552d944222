using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using static Fairlead.Dev.Cluster.BuiltIns.Columns.Cells;

namespace Fairlead.Dev.Cluster.BuiltIns.Columns;

/// <summary>Columns of Services, Ingresses and their endpoints.</summary>
internal static class ServiceColumns
{
    public static readonly ImmutableArray<PrinterColumn> Service =
    [
        Column("Type", o => o.Object("spec").Text("type") ?? "", "How the Service is reached."),
        Column("Cluster-IP", o => OrNone(o.Object("spec").Text("clusterIP")), "Address in the cluster."),
        Column("External-IP", ExternalAddresses, "Addresses outside the cluster."),
        Column("Port(s)", o => Joined(o.Object("spec").Objects("ports").Select(Port)), "Ports, with node ports where there are any."),
        Age,
        Column("Selector", o => Labels(o.Object("spec").Object("selector")), wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> Ingress =
    [
        Column("Class", o => OrNone(o.Object("spec").Text("ingressClassName")), "Which controller serves it."),
        Column("Hosts", Hosts, "Hosts the rules name."),
        Column("Address", o => LoadBalancerAddresses(o), "Where the Ingress is reached."),
        Column("Ports", o => o.Object("spec").Array("tls") is { Count: > 0 } ? "80, 443" : "80", "Ports of the TLS and plain endpoints."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> IngressClass =
    [
        Column("Controller", o => o.Object("spec").Text("controller") ?? "", "Name of the controller."),
        Column("Parameters", o => o.Object("spec").Object("parameters") is { } p
            ? $"{p.Text("kind")}{(p.Text("apiGroup") is { } g ? "." + g : "")}/{p.Text("name")}" : None, "Object with further settings."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Endpoints =
    [
        Column("Endpoints", o => Joined(o.Objects("subsets").SelectMany(Addresses)), "Addresses and ports that serve."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> EndpointSlice =
    [
        Column("AddressType", o => o.Text("addressType") ?? "", "Family of the addresses."),
        Column("Ports", o => o.Array("ports") is { Count: > 0 } ? Shortened(o.Objects("ports").Select(p => Digits(p["port"]) is "" ? "*" : Digits(p["port"]))) : "<unset>", "Ports of every address."),
        Column("Endpoints", o => o.Array("endpoints") is { Count: > 0 } ? Shortened(o.Objects("endpoints").SelectMany(e => e.Texts("addresses"))) : "<unset>", "The addresses."),
        Age,
    ];

    private static string Port(JsonObject port)
    {
        var suffix = $"/{port.Text("protocol") ?? "TCP"}";
        return port.Integer("nodePort") is { } nodePort and not 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Digits(port["port"])}:{nodePort}{suffix}")
            : Digits(port["port"]) + suffix;
    }

    private static string ExternalAddresses(JsonObject service)
    {
        var spec = service.Object("spec");
        var external = string.Join(',', spec.Texts("externalIPs"));
        switch (spec.Text("type"))
        {
            case "ExternalName":
                return spec.Text("externalName") ?? None;
            case "LoadBalancer":
                var balanced = LoadBalancerAddresses(service);
                return external.Length == 0 ? (balanced.Length == 0 ? "<pending>" : balanced) : balanced.Length == 0 ? external : $"{balanced},{external}";
            default:
                return OrNone(external);
        }
    }

    private static string LoadBalancerAddresses(JsonObject obj) => string.Join(
        ',', obj.Object("status").Object("loadBalancer").Objects("ingress").Select(i => i.Text("ip") ?? i.Text("hostname")).Where(a => a is not null));

    private static string Hosts(JsonObject ingress)
    {
        var hosts = ingress.Object("spec").Objects("rules").Select(r => r.Text("host")).Where(h => h is not null).ToList();
        return hosts.Count switch
        {
            0 => "*",
            > 3 => $"{string.Join(',', hosts.Take(3))} + {hosts.Count - 3} more...",
            _ => string.Join(',', hosts),
        };
    }

    private static IEnumerable<string> Addresses(JsonObject subset) => subset.Objects("addresses").SelectMany(a =>
        subset.Array("ports") is { Count: > 0 } ? subset.Objects("ports").Select(p => $"{a.Text("ip")}:{Digits(p["port"])}") : [a.Text("ip") ?? ""]);

    private static string Shortened(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        return all.Count > 3 ? $"{string.Join(',', all.Take(3))} + {all.Count - 3} more..." : string.Join(',', all);
    }

    private static string Digits(JsonNode? port) => port?.ToString() ?? "";
}
