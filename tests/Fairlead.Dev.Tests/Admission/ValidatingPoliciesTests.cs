using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Admission.Policies;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authorization;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Tests.Admission;

public sealed class ValidatingPoliciesTests : IAsyncLifetime
{
    private const string Group = "admissionregistration.k8s.io";

    private EmbeddedCluster _cluster = null!;

    private IClusterApi Api => _cluster.Api;

    public async ValueTask InitializeAsync() =>
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false, Controllers = false });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public void A_violated_policy_refuses_the_write_with_its_message()
    {
        Policy("""{"expression":"variables.name.startsWith('a')","messageExpression":"'not ' + variables.name"}""", """, "variables":[{"name":"name","expression":"object.metadata.name"}]""");
        Binding("Deny");
        Create("abc");
        var refusal = Assert.Throws<ApiStatusException>(() => Create("xyz"));
        Assert.Equal(
            (422, "configmaps \"xyz\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not xyz"),
            (refusal.Code, refusal.Message));
        // kubectl shows the causes alone.
        Assert.Equal("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not xyz", Assert.Single(refusal.OtherCauses).Message);
    }

    [Fact]
    public void A_policy_without_binding_does_nothing()
    {
        Policy("""{"expression":"false"}""");
        Create("abc");
    }

    [Fact]
    public void A_warning_lets_the_write_pass()
    {
        Policy("""{"expression":"false","message":"mind the gap"}""");
        Binding("Warn");
        var warning = Assert.Single(new ValidatingPolicies(Api).Admit(Request("CREATE")));
        Assert.EndsWith("mind the gap", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Match_conditions_and_operations_narrow_a_policy()
    {
        Policy("""{"expression":"false"}""", """, "matchConditions":[{"name":"only","expression":"request.userInfo.username == 'bob'"}]""");
        Binding("Deny");
        Assert.Empty(new ValidatingPolicies(Api).Admit(Request("CREATE")));
        Assert.Empty(new ValidatingPolicies(Api).Admit(Request("DELETE", "bob")));
        Assert.Throws<ApiStatusException>(() => new ValidatingPolicies(Api).Admit(Request("CREATE", "bob")));
    }

    [Theory]
    [InlineData("Fail", false)]
    [InlineData("Ignore", true)]
    public void An_expression_that_fails_counts_as_the_failure_policy_says(string failurePolicy, bool isAdmitted)
    {
        Policy("""{"expression":"object.data.missing == 'x'"}""", $", \"failurePolicy\":\"{failurePolicy}\"");
        Binding("Deny");
        if (isAdmitted)
            Create("abc");
        else
            Assert.Throws<ApiStatusException>(() => Create("abc"));
    }

    private static AdmissionRequest Request(string operation, string user = "alice") => new()
    {
        Definition = BuiltInResources.All(new BuiltInOptions()).Single(d => d is { Group: "", Plural: "configmaps" }),
        Operation = operation,
        Object = operation == "DELETE" ? null : Parse("""{"metadata":{"name":"abc"}}"""),
        OldObject = operation == "CREATE" ? null : Parse("""{"metadata":{"name":"abc"}}"""),
        User = new UserInfo(user, []),
        Namespace = "default",
        Name = "abc",
    };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private void Create(string name) =>
        Api.Create("", "configmaps", "default", Parse($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"}}"""));

    private void Policy(string validation, string more = "") => Api.Create(
        Group, "validatingadmissionpolicies", null,
        Parse(
            """{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy","metadata":{"name":"p"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE","UPDATE"],"resources":["configmaps"]}]},"validations":[""" +
            validation + "]" + more + "}}"));

    private void Binding(string action) => Api.Create(
        Group, "validatingadmissionpolicybindings", null,
        Parse($$$"""{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding","metadata":{"name":"b"},"spec":{"policyName":"p","validationActions":["{{{action}}}"]}}"""));
}
