using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.BuiltIns;

public sealed class ValidationTests
{
    private const string Template = "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}";

    private readonly Manifests _manifests = new();

    public static TheoryData<string, string, string, string, FieldErrorType> Cases => new()
    {
        { "v1", "Pod", Pod("\"env\":[{\"name\":\"a=b\"}]"), "spec.containers[0].env[0].name", FieldErrorType.Invalid },
        { "v1", "Pod", Pod("\"env\":[{\"name\":\"a\",\"valueFrom\":{}}]"), "spec.containers[0].env[0].valueFrom", FieldErrorType.Invalid },
        { "v1", "Pod", Pod("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/a\"}]"), "spec.containers[0].volumeMounts[0].name", FieldErrorType.NotFound },
        { "v1", "Pod", Pod("\"ports\":[{\"containerPort\":65536}]"), "spec.containers[0].ports[0].containerPort", FieldErrorType.Invalid },
        { "v1", "Pod", Pod("\"readinessProbe\":{}"), "spec.containers[0].readinessProbe", FieldErrorType.Required },
        { "v1", "Pod", Pod("\"resources\":{\"requests\":{\"cpu\":\"2\"},\"limits\":{\"cpu\":\"1\"}}"), "spec.containers[0].resources.requests", FieldErrorType.Invalid },
        { "v1", "Pod", "\"spec\":{\"containers\":[]}", "spec.containers", FieldErrorType.Required },
        { "v1", "Secret", "\"stringData\":{\"a b\":\"c\"}", "data[a b]", FieldErrorType.Invalid },
        { "v1", "Secret", "\"type\":\"kubernetes.io/tls\",\"data\":{\"tls.crt\":\"\"}", "data[tls.key]", FieldErrorType.Required },
        { "v1", "ConfigMap", "\"data\":{\"a\":\"b\"},\"binaryData\":{\"a\":\"AA==\"}", "data[a]", FieldErrorType.Invalid },
        { "apps/v1", "StatefulSet", $"\"spec\":{{\"selector\":{{\"matchLabels\":{{\"a\":\"c\"}}}},{Template}}}", "spec.template.metadata.labels", FieldErrorType.Invalid },
        { "apps/v1", "Deployment", $"\"spec\":{{\"replicas\":-1,\"selector\":{{\"matchLabels\":{{\"a\":\"b\"}}}},{Template}}}", "spec.replicas", FieldErrorType.Invalid },
        { "batch/v1", "Job", $"\"spec\":{{{Template}}}", "spec.template.spec.restartPolicy", FieldErrorType.Required },
        { "networking.k8s.io/v1", "Ingress", "\"spec\":{}", "spec", FieldErrorType.Invalid },
        { "networking.k8s.io/v1", "Ingress", "\"spec\":{\"rules\":[{\"host\":\"1.2.3.4\"}]}", "spec.rules[0].host", FieldErrorType.Invalid },
        { "networking.k8s.io/v1", "Ingress", "\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"s\"}}}", "spec.defaultBackend", FieldErrorType.Required },
        { "discovery.k8s.io/v1", "EndpointSlice", "\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"127.0.0.1\"]}]", "endpoints[0].addresses[0]", FieldErrorType.Invalid },
        { "rbac.authorization.k8s.io/v1", "Role", "\"rules\":[{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/x\"]}]", "rules[0].nonResourceURLs", FieldErrorType.Invalid },
        { "coordination.k8s.io/v1", "Lease", "\"spec\":{\"leaseDurationSeconds\":0}", "spec.leaseDurationSeconds", FieldErrorType.Invalid },
        { "admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", Policy("1 +"), "spec.validations[0].expression", FieldErrorType.Invalid },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_violation_names_its_field(string apiVersion, string kind, string members, string field, FieldErrorType type)
    {
        var error = Assert.Single(_manifests.Errors(Manifests.Parse(apiVersion, kind, members)));
        Assert.Equal((field, type), (error.Field, error.Type));
    }

    [Fact]
    public void A_Secret_keeps_its_type_and_an_immutable_one_its_data()
    {
        var secret = _manifests.Created(Manifests.Parse("v1", "Secret", "\"immutable\":true,\"stringData\":{\"a\":\"b\"}"));
        Assert.Equal(("Opaque", "Yg=="), ((string?)secret["type"], (string?)secret["data"]!["a"]));
        Assert.Null(secret["stringData"]);

        var errors = _manifests.UpdateErrors(secret, secret.DeepClone().AsObject(), o =>
        {
            o["type"] = "other";
            o["stringData"] = new JsonObject { ["a"] = "c" };
        });
        Assert.Equal(["data", "type"], errors.Select(e => e.Field).Order());
    }

    [Fact]
    public void A_Secret_holds_a_mebibyte_at_most()
    {
        var text = new string('x', 1024 * 1024);
        _manifests.Created(Manifests.Parse("v1", "Secret", $"\"stringData\":{{\"a\":\"{text}\"}}"));
        Assert.Equal(FieldErrorType.TooLong, Assert.Single(_manifests.Errors(Manifests.Parse("v1", "Secret", $"\"stringData\":{{\"a\":\"{text}x\"}}"))).Type);
    }

    [Theory]
    [InlineData("serviceName", "\"other\"")]
    [InlineData("podManagementPolicy", "\"Parallel\"")]
    [InlineData("volumeClaimTemplates", "[]", true)]
    [InlineData("replicas", "3", true)]
    [InlineData("minReadySeconds", "3", true)]
    public void A_StatefulSet_allows_few_changes(string member, string value, bool isAllowed = false)
    {
        var set = _manifests.Created(Manifests.Parse(
            "apps/v1", "StatefulSet", $"\"spec\":{{\"serviceName\":\"s\",\"selector\":{{\"matchLabels\":{{\"a\":\"b\"}}}},{Template}}}"));
        var errors = _manifests.UpdateErrors(set, set.DeepClone().AsObject(), o => o["spec"]![member] = JsonNode.Parse(value));
        Assert.Equal(isAllowed ? [] : new[] { ("spec", FieldErrorType.Forbidden) }, errors.Select(e => (e.Field, e.Type)));
    }

    [Theory]
    [InlineData("nginx", "Always")]
    [InlineData("nginx:latest", "Always")]
    [InlineData("nginx:1.27", "IfNotPresent")]
    [InlineData("registry:5000/nginx", "Always")]
    [InlineData("nginx@sha256:0000", "IfNotPresent")]
    public void An_image_is_pulled_as_its_tag_says(string image, string policy)
    {
        var pod = _manifests.Created(Manifests.Parse("v1", "Pod", $"\"spec\":{{\"containers\":[{{\"name\":\"c\",\"image\":\"{image}\"}}]}}"));
        Assert.Equal(policy, (string?)pod["spec"]!["containers"]![0]!["imagePullPolicy"]);
    }

    private static string Pod(string container) => $"\"spec\":{{\"containers\":[{{\"name\":\"c\",\"image\":\"x\",{container}}}]}}";

    private static string Policy(string expression) =>
        "\"spec\":{\"matchConstraints\":{\"resourceRules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"*\"],\"resources\":[\"services\"]}]}," +
        $"\"validations\":[{{\"expression\":\"{expression}\"}}]}}";
}
