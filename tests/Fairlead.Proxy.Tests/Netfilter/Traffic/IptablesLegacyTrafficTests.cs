using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

public sealed class IptablesLegacyTrafficTests(ProxyNetwork network) : IptablesTrafficTests(network), IClassFixture<ProxyNetwork>
{
    private protected override IFirewall Firewall { get; } = new IptablesFirewall("-legacy");
}
