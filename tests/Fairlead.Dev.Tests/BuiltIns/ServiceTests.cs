using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.BuiltIns;

public sealed class ServiceTests
{
    private static readonly BuiltInOptions DualStack = new()
    {
        ServiceRanges = [IPNetwork.Parse("10.96.0.0/16"), IPNetwork.Parse("fd00:10:96::/112")],
    };

    private readonly Manifests _manifests = new();

    [Theory]
    [InlineData("\"ports\":[{\"port\":80}]", "{\"type\":\"ClusterIP\",\"sessionAffinity\":\"None\",\"internalTrafficPolicy\":\"Cluster\",\"ipFamilyPolicy\":\"SingleStack\",\"ipFamilies\":[\"IPv4\"],\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":80}]}")]
    [InlineData("\"clusterIP\":\"None\"", "{\"clusterIPs\":[\"None\"],\"ipFamilyPolicy\":\"RequireDualStack\",\"ipFamilies\":[\"IPv4\",\"IPv6\"]}")]
    [InlineData("\"clusterIP\":\"None\",\"selector\":{\"a\":\"b\"},\"ipFamilyPolicy\":\"PreferDualStack\"", "{\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv4\"]}")]
    [InlineData("\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80}]", "{\"allocateLoadBalancerNodePorts\":true,\"externalTrafficPolicy\":\"Cluster\"}")]
    [InlineData("\"type\":\"ExternalName\",\"externalName\":\"a.example.com\"", "{\"clusterIP\":null,\"ipFamilies\":null,\"ipFamilyPolicy\":null,\"internalTrafficPolicy\":null}")]
    [InlineData("\"ports\":[{\"port\":80}],\"sessionAffinity\":\"ClientIP\"", "{\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":10800}}}")]
    public void Defaults_follow_the_type(string spec, string expected)
    {
        var service = _manifests.Created(Service(spec));
        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, service["spec"]![name]), $"{name}: {service["spec"]![name]?.ToJsonString()}");
    }

    [Theory]
    [InlineData("", "spec.ports", FieldErrorType.Required)]
    [InlineData("\"ports\":[{\"port\":80,\"nodePort\":80}],\"type\":\"NodePort\"", "spec.ports[0].nodePort", FieldErrorType.Invalid)]
    [InlineData("\"ports\":[{\"port\":80,\"nodePort\":30001}]", "spec.ports[0].nodePort", FieldErrorType.Forbidden)]
    [InlineData("\"ports\":[{\"port\":0,\"targetPort\":1}]", "spec.ports[0].port", FieldErrorType.Invalid)]
    [InlineData("\"ports\":[{\"port\":1},{\"port\":2,\"name\":\"a\"}]", "spec.ports[0].name", FieldErrorType.Required)]
    [InlineData("\"ports\":[{\"port\":1}],\"clusterIP\":\"10.1.2.3\"", "spec.clusterIPs", FieldErrorType.Invalid)]
    [InlineData("\"ports\":[{\"port\":1}],\"ipFamilyPolicy\":\"RequireDualStack\"", "spec.ipFamilyPolicy", FieldErrorType.Invalid)]
    [InlineData("\"ports\":[{\"port\":1}],\"ipFamilies\":[\"IPv6\"]", "spec.ipFamilies[0]", FieldErrorType.Invalid)]
    [InlineData("\"ports\":[{\"port\":1}],\"loadBalancerClass\":\"x\"", "spec.loadBalancerClass", FieldErrorType.Forbidden)]
    [InlineData("\"type\":\"ExternalName\"", "spec.externalName", FieldErrorType.Required)]
    [InlineData("\"type\":\"LoadBalancer\",\"clusterIP\":\"None\",\"ports\":[{\"port\":1}]", "spec.clusterIPs[0]", FieldErrorType.Invalid)]
    public void Violations_name_their_field(string spec, string field, FieldErrorType type)
    {
        var error = Assert.Single(_manifests.Errors(Service(spec)));
        Assert.Equal((field, type), (error.Field, error.Type));
    }

    [Fact]
    public void A_node_port_outside_the_range_is_refused_with_the_range()
    {
        var error = Assert.Single(_manifests.Errors(Service("\"type\":\"NodePort\",\"ports\":[{\"port\":80,\"nodePort\":80}]")));
        Assert.Equal("provided port is not in the valid range. The range of valid ports is 30000-32767", error.Detail);
    }

    [Fact]
    public void A_dual_stack_cluster_gives_an_address_of_each_family()
    {
        var service = new Manifests(DualStack).Created(Service("\"ports\":[{\"port\":80}],\"ipFamilyPolicy\":\"RequireDualStack\""));
        var addresses = service["spec"]!["clusterIPs"]!.AsArray().Select(a => IPAddress.Parse((string)a!)).ToList();
        Assert.True(DualStack.ServiceRanges[0].Contains(addresses[0]));
        Assert.True(DualStack.ServiceRanges[1].Contains(addresses[1]));
        Assert.Equal(addresses[0].ToString(), (string?)service["spec"]!["clusterIP"]);
    }

    [Fact]
    public void A_requested_address_is_given_once_until_it_is_released()
    {
        var first = _manifests.Created(Service("\"ports\":[{\"port\":80}],\"clusterIP\":\"10.96.7.7\""));
        var second = Service("\"ports\":[{\"port\":80}],\"clusterIP\":\"10.96.7.7\"");
        Assert.Contains("already allocated", Assert.Single(_manifests.Errors(second)).Detail, StringComparison.Ordinal);

        // The refused one gives nothing back that is the first one's.
        _manifests.Type(second).Strategy.Release(second);
        Assert.NotEmpty(_manifests.Errors(Service("\"ports\":[{\"port\":80}],\"clusterIP\":\"10.96.7.7\"")));

        _manifests.Type(first).Strategy.Release(first);
        _manifests.Created(Service("\"ports\":[{\"port\":80}],\"clusterIP\":\"10.96.7.7\""));
    }

    [Fact]
    public void Turning_into_an_external_name_drops_addresses_and_frees_them()
    {
        var service = _manifests.Created(Service("\"ports\":[{\"port\":80}],\"clusterIP\":\"10.96.7.8\""));
        var changed = _manifests.Updated(service, o =>
        {
            o["spec"]!["type"] = "ExternalName";
            o["spec"]!["externalName"] = "a.example.com";
        });
        foreach (var name in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"])
            Assert.Null(changed["spec"]![name]);
        _manifests.Created(Service("\"ports\":[{\"port\":80}],\"clusterIP\":\"10.96.7.8\""));
    }

    [Fact]
    public void Leaving_the_load_balancer_type_clears_its_status_and_node_ports()
    {
        var service = _manifests.Created(Service("\"type\":\"LoadBalancer\",\"loadBalancerClass\":\"x\",\"ports\":[{\"port\":80}]"));
        service = _manifests.Updated(service, o => o["status"] = JsonNode.Parse("""{"loadBalancer":{"ingress":[{"ip":"100.64.0.1"}]}}"""));
        Assert.Equal("VIP", (string?)service["status"]!["loadBalancer"]!["ingress"]![0]!["ipMode"]);

        var changed = _manifests.Updated(service, o => o["spec"]!["type"] = "ClusterIP");
        Assert.Equal("{}", changed["status"]!["loadBalancer"]!.ToJsonString());
        Assert.Null(changed["spec"]!["loadBalancerClass"]);
        Assert.Null(changed["spec"]!["ports"]![0]!["nodePort"]);
        Assert.Equal((string?)service["spec"]!["clusterIP"], (string?)changed["spec"]!["clusterIP"]);
    }

    [Fact]
    public void A_cluster_address_does_not_change()
    {
        var service = _manifests.Created(Service("\"ports\":[{\"port\":80}]"));
        var errors = _manifests.UpdateErrors(service, service.DeepClone().AsObject(), o => o["spec"]!["clusterIP"] = "10.96.99.99");
        Assert.Contains(errors, e => e.Field == "spec.clusterIPs[0]" && e.Detail == "may not change once set");
    }

    [Fact]
    public void An_update_that_leaves_addresses_out_keeps_them()
    {
        var service = _manifests.Created(Service("\"type\":\"NodePort\",\"ports\":[{\"port\":80}]"));
        var changed = _manifests.Updated(service, o =>
        {
            o["spec"] = JsonNode.Parse("""{"type":"NodePort","ports":[{"port":80}]}""");
        });
        Assert.True(JsonNode.DeepEquals(service["spec"], changed["spec"]), changed.ToJsonString());
    }

    private static JsonObject Service(string spec) => Manifests.Parse("v1", "Service", $"\"spec\":{{{spec}}}");
}
