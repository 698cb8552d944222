using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

public sealed class IptablesNftTrafficTests(ProxyNetwork network) : IptablesTrafficTests(network), IClassFixture<ProxyNetwork>
{
    private protected override IFirewall Firewall { get; } = new IptablesFirewall("-nft");
}
