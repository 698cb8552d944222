namespace Fairlead.Dev.Tests.Cel;

/// <summary>Rules as the definitions of the operator's own resources carry them.</summary>
public sealed class ResourceRuleTests
{
    [Theory]
    [InlineData("self.matches('^[a-z0-9][a-z0-9-]{0,61}$')", "\"tag-1\"", true)]
    [InlineData("self.matches('^[a-z0-9][a-z0-9-]{0,61}$')", "\"Tag-1\"", false)]
    [InlineData("!(has(self.exitNode) && has(self.appConnector))", """{"exitNode": true}""", true)]
    [InlineData("!(has(self.exitNode) && has(self.appConnector))", """{"exitNode": true, "appConnector": {}}""", false)]
    [InlineData("has(self.subnetRouter) || (has(self.exitNode) && self.exitNode == true)", """{"exitNode": true}""", true)]
    [InlineData("has(self.subnetRouter) || (has(self.exitNode) && self.exitNode == true)", """{"exitNode": false}""", false)]
    [InlineData("has(self.subnetRouter) || (has(self.exitNode) && self.exitNode == true)", """{"subnetRouter": {"advertiseRoutes": []}}""", true)]
    [InlineData("has(self.subnetRouter) || (has(self.exitNode) && self.exitNode == true)", "{}", false)]
    [InlineData("self.type != 'kube-apiserver' || !has(self.mode)", """{"type": "egress", "mode": "auth"}""", true)]
    [InlineData("self.type != 'kube-apiserver' || !has(self.mode)", """{"type": "kube-apiserver", "mode": "auth"}""", false)]
    [InlineData("self.all(t, t.startsWith('tag:'))", """["tag:a", "tag:b"]""", true)]
    [InlineData("self.all(t, t.startsWith('tag:'))", """["tag:a", "b"]""", false)]
    [InlineData("self.all(t, t.startsWith('tag:'))", "[]", true)]
    [InlineData("!((has(self.subnetRouter) || (has(self.exitNode)  && self.exitNode == true)) && has(self.appConnector))", """{"exitNode": true, "appConnector": {}}""", false)]
    [InlineData("!has(self.aws) || !has(self.aws.elasticIPs) || self.aws.elasticIPs.size() >= self.replicas", """{"aws": {"elasticIPs": ["a"]}, "replicas": 2}""", false)]
    [InlineData("!has(self.aws) || !has(self.aws.elasticIPs) || self.aws.elasticIPs.size() >= self.replicas", """{"replicas": 2}""", true)]
    [InlineData("!(has(self.serviceMonitor) && self.serviceMonitor.enable  && !self.enable)", """{"serviceMonitor": {"enable": true}, "enable": false}""", false)]
    [InlineData("!(self.replicas > 1 && (!has(self.storage) || !has(self.storage.s3)))", """{"replicas": 2, "storage": {}}""", false)]
    [InlineData("!(self.replicas > 1 && (!has(self.storage) || !has(self.storage.s3)))", """{"replicas": 1}""", true)]
    [InlineData("!(has(self.hostname) && has(self.replicas) && self.replicas > 1)", """{"hostname": "x", "replicas": 2}""", false)]
    public void A_rule_over_the_new_object_holds_or_not(string rule, string self, bool holds) =>
        Assert.Equal(holds, Expressions.IsTrue(rule, self));

    [Theory]
    [InlineData("\"egress\"", "\"egress\"", true)]
    [InlineData("\"egress\"", "\"ingress\"", false)]
    [InlineData("""{"a": [1, 2.0]}""", """{"a": [1.0, 2]}""", true)]
    [InlineData("""{"a": 1, "b": 2}""", """{"b": 2, "a": 1}""", true)]
    [InlineData("""{"a": 1}""", """{"a": 1, "b": 2}""", false)]
    public void A_transition_rule_compares_old_and_new(string self, string oldSelf, bool holds) =>
        Assert.Equal(holds, Expressions.IsTrue("self == oldSelf", self, oldSelf));
}
