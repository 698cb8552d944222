using Fairlead.Operator.Proxies;

namespace Fairlead.Operator.Tests.ServiceProxies;

public sealed class ProxyLabelTests
{
    private static readonly ProxyParent Shop = new(ProxyParent.ServiceType, "web", "shop");

    [Fact]
    public void Labels_name_the_parent_they_were_made_for() => Assert.Equal(Shop, ProxyLabels.ParentOf(ProxyLabels.For(Shop)));

    [Fact]
    public void What_a_ProxyGroup_has_made_for_a_Service_is_no_object_of_its_proxy() =>
        Assert.Null(ProxyLabels.ParentOf(ProxyLabels.For(Shop).Add(ProxyLabels.ProxyGroup, "egress")));
}
