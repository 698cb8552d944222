using Fairlead.Dev.Tailnet.Coordination.Maps;
using Fairlead.Tailnet.Protocol.Control.Dns;

namespace Fairlead.Dev.Tailnet.Coordination.Dns;

/// <summary>How a node shall resolve names: MagicDNS for the tailnet's suffix, and the services as records of their own.</summary>
internal static class DnsView
{
    private const string ServicePrefix = "svc:";

    public static DnsConfig Of(NodeView node, TailnetView view, string suffix) => new()
    {
        Proxied = true,
        Domains = [suffix],
        Routes = new Dictionary<string, IReadOnlyList<DnsResolver>> { [suffix] = [] },
        CertDomains = view.Shared.HttpsEnabled
            // A host gets its services' certificates before it offers them: clients are led to it then.
            ? [node.Device.Name, .. node.Node.ServedServices.Where(view.Shared.Services.ContainsKey).Select(name => NameOf(name, suffix))]
            : [],
        ExtraRecords =
        [
            .. view.Shared.Services
                .OrderBy(service => service.Key, StringComparer.Ordinal)
                .SelectMany(service => service.Value.Select(
                    address => new DnsRecord { Name = NameOf(service.Key, suffix), Value = address.Address.ToString() })),
        ],
    };

    private static string NameOf(string service, string suffix) => $"{service[ServicePrefix.Length..]}.{suffix}";
}
