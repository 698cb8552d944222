using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Tests.ProxyClasses;

public sealed class NodePortRangeTests
{
    [Theory]
    [InlineData("provided port is not in the valid range. The range of valid ports is 30000-32767", "30000-32767")]
    [InlineData("Service \"test-node-port-range\" is invalid: spec.ports[0].nodePort: Invalid value: 777777: valid ports are 20000-20100", "20000-20100")]
    [InlineData("valid ports are 1-2, or 3-4", null)]
    [InlineData("services is forbidden", null)]
    [InlineData("", null)]
    public void The_one_range_in_a_refusal_is_the_clusters(string refusal, string? range) =>
        Assert.Equal(range, NodePortRange.Parse(refusal)?.ToString());
}
