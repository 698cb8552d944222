using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <summary>The cluster's names, as the specification of Kubernetes' DNS-based service discovery gives them.</summary>
internal sealed class ClusterNames(ClusterView view)
{
    public const string Zone = "cluster.local";
    private const string Reverse = "in-addr.arpa";
    private const string SliceGroup = "discovery.k8s.io";
    private const string ServiceName = "kubernetes.io/service-name";

    /// <returns>Null for names that are not the cluster's.</returns>
    public DnsAnswer? Answer(DnsQuestion question)
    {
        if (question.Name.EndsWith("." + Reverse, StringComparison.Ordinal))
            return Owner(question);
        if (question.Name != Zone && !question.Name.EndsWith("." + Zone, StringComparison.Ordinal))
            return null;
        var labels = question.Name.Split('.')[..^2];
        return labels switch
        {
            [] or ["svc"] or ["pod"] => DnsAnswer.NoData,
            [var ns, "svc" or "pod"] => view.Cache("", "namespaces").Get("", ns) is null ? DnsAnswer.NoSuchName : DnsAnswer.NoData,
            [var name, var ns, "svc"] => Find(ns, name) is { } service ? ServiceAnswer(question, service) : DnsAnswer.NoSuchName,
            [['_', .. var port], ['_', .. var protocol], var name, var ns, "svc"] =>
                Find(ns, name) is { } service ? Servers(question, service, port, protocol) : DnsAnswer.NoSuchName,
            [var host, var name, var ns, "svc"] =>
                Find(ns, name) is { } service ? Addresses(question, Endpoints(service).Where(e => HostOf(e.Endpoint) == host)) : DnsAnswer.NoSuchName,
            [var address, var ns, "pod"] => PodAnswer(question, address, ns),
            _ => DnsAnswer.NoSuchName,
        };
    }

    private static bool IsHeadless(JsonObject service) => service.Object("spec").Text("clusterIP") == "None";

    /// <summary>The label of an endpoint below its Service: its own name, or its address with dashes.</summary>
    private static string HostOf(JsonObject endpoint) =>
        endpoint.Text("hostname") ?? (endpoint.Texts("addresses").FirstOrDefault() ?? "").Replace('.', '-');

    private static string NameOf(JsonObject service) => $"{service.Name()}.{service.Namespace()}.svc.{Zone}";

    private static DnsAnswer Addresses(DnsQuestion question, IEnumerable<(JsonObject Endpoint, JsonObject Slice)> endpoints)
    {
        var all = endpoints.SelectMany(e => e.Endpoint.Texts("addresses")).Distinct().ToList();
        if (all.Count == 0)
            return DnsAnswer.NoSuchName;
        return Wants(question, DnsType.A) ? DnsAnswer.Of([.. all.Select(a => new DnsRecord.Address(question.Name, IPAddress.Parse(a)))]) : DnsAnswer.NoData;
    }

    private static bool Wants(DnsQuestion question, DnsType type) => question.Type == type || question.Type == DnsType.Any;

    private static DnsAnswer PodAnswer(DnsQuestion question, string dashed, string ns) =>
        IPAddress.TryParse(dashed.Replace('-', '.'), out var address) && ns.Length > 0
            ? Wants(question, DnsType.A) ? DnsAnswer.Of(new DnsRecord.Address(question.Name, address)) : DnsAnswer.NoData
            : DnsAnswer.NoSuchName;

    private JsonObject? Find(string ns, string name) => view.Cache("", "services").Get(ns, name);

    /// <summary>Endpoints whose addresses are published: ready ones, and others where the Service says so, which their slice tells.</summary>
    private IEnumerable<(JsonObject Endpoint, JsonObject Slice)> Endpoints(JsonObject service) =>
        from slice in view.Cache(SliceGroup, "endpointslices").InNamespace(service.Namespace())
        where slice.Object("metadata").Object("labels").Text(ServiceName) == service.Name() && slice.Text("addressType") == "IPv4"
        from endpoint in slice.Objects("endpoints")
        where endpoint.Object("conditions").Flag("ready") != false
        select (endpoint, slice);

    private DnsAnswer ServiceAnswer(DnsQuestion question, JsonObject service)
    {
        var spec = service.Object("spec");
        if (spec.Text("type") == "ExternalName")
            return Alias(question, spec.Text("externalName") ?? "");
        if (IsHeadless(service))
            return question.Type == DnsType.Srv ? Servers(question, service, null, null) : Addresses(question, Endpoints(service));
        if (question.Type == DnsType.Srv)
            return Servers(question, service, null, null);
        return Wants(question, DnsType.A) && IPAddress.TryParse(spec.Text("clusterIP"), out var address)
            ? DnsAnswer.Of(new DnsRecord.Address(question.Name, address))
            : DnsAnswer.NoData;
    }

    /// <summary>The alias, with what it leads to where that is a name of the cluster.</summary>
    private DnsAnswer Alias(DnsQuestion question, string target)
    {
        var name = target.TrimEnd('.').ToLowerInvariant();
        var alias = new DnsRecord.Alias(question.Name, name);

        // An alias of an alias is left to the asker, which also sees to it that it ends.
        var isFurther = name.Split('.') is [var service, var ns, "svc", "cluster", "local"] && Find(ns, service).Object("spec").Text("type") == "ExternalName";
        var behind = question.Type == DnsType.Cname || isFurther ? null : Answer(question with { Name = name });
        return DnsAnswer.Of([alias, .. behind?.Records ?? []]);
    }

    private DnsAnswer Servers(DnsQuestion question, JsonObject service, string? port, string? protocol)
    {
        var (servers, hosts) = (ImmutableArray.CreateBuilder<DnsRecord>(), ImmutableArray.CreateBuilder<DnsRecord>());
        if (IsHeadless(service))
        {
            foreach (var (endpoint, slice) in Endpoints(service))
            {
                var host = $"{HostOf(endpoint)}.{NameOf(service)}";
                foreach (var match in slice.Objects("ports").Where(p => IsMeant(p, port, protocol)))
                    servers.Add(new DnsRecord.Server(question.Name, (int)(match.Integer("port") ?? 0), host));
                hosts.AddRange(endpoint.Texts("addresses").Select(a => new DnsRecord.Address(host, IPAddress.Parse(a))));
            }
        }
        else if (IPAddress.TryParse(service.Object("spec").Text("clusterIP"), out var address))
        {
            foreach (var match in service.Object("spec").Objects("ports").Where(p => IsMeant(p, port, protocol)))
                servers.Add(new DnsRecord.Server(question.Name, (int)(match.Integer("port") ?? 0), NameOf(service)));
            hosts.Add(new DnsRecord.Address(NameOf(service), address));
        }

        if (servers.Count == 0)
            return port is null ? DnsAnswer.NoData : DnsAnswer.NoSuchName;
        return Wants(question, DnsType.Srv) ? new DnsAnswer(DnsCode.Success, servers.ToImmutable(), hosts.ToImmutable()) : DnsAnswer.NoData;
    }

    // Ports without a name have no SRV record of their own.
    private static bool IsMeant(JsonObject port, string? name, string? protocol) =>
        name is null || (port.Text("name") == name && (port.Text("protocol") ?? "TCP").Equals(protocol, StringComparison.OrdinalIgnoreCase));

    /// <summary>The name of a ClusterIP.</summary>
    private DnsAnswer? Owner(DnsQuestion question)
    {
        var address = string.Join('.', question.Name[..^(Reverse.Length + 1)].Split('.').Reverse());
        var service = view.Cache("", "services").All().FirstOrDefault(s => s.Object("spec").Text("clusterIP") == address);
        if (service is null)
            return address.StartsWith("127.", StringComparison.Ordinal) ? DnsAnswer.NoSuchName : null;
        return Wants(question, DnsType.Ptr) ? DnsAnswer.Of(new DnsRecord.Pointer(question.Name, NameOf(service))) : DnsAnswer.NoData;
    }
}
