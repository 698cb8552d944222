using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.CustomResources;
using Fairlead.Dev.Cluster.Patching;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.CustomResources;

public sealed class CustomResourceDefinitionTests
{
    private const string Spec = "spec.validation.openAPIV3Schema.properties[spec].properties";

    [Fact]
    public void A_definition_becomes_a_resource_type()
    {
        var definition = Widgets.Definition;
        Assert.Equal(("test.example.com", "v1", "Widget", "widgets", "widget"), (definition.Group, definition.Version, definition.Kind, definition.Plural, definition.Singular));
        Assert.Equal(["wd"], definition.ShortNames);
        Assert.Equal(["all"], definition.Categories);
        Assert.Equal("WidgetList", definition.ListKind);
        Assert.True(definition is { Namespaced: true, HasStatus: true, IsCustom: true });
        Assert.Equal(".spec.replicas", definition.Scale?.SpecReplicasPath);
        Assert.Equal(["Replicas"], definition.Columns.Select(column => column.Name));
        Assert.Equal(["spec.color"], definition.SelectableFields);
        Assert.True(definition.Schema.Properties["metadata"].Properties.ContainsKey("labels"));
    }

    [Fact]
    public void Only_served_versions_become_types_and_the_storage_version_comes_first()
    {
        var crd = Widgets.Crd();
        var versions = crd["spec"]!["versions"]!.AsArray();
        versions.Insert(0, Version("v1beta1", served: true));
        versions.Add(Version("v1alpha1", served: false));
        Assert.Equal(["v1", "v1beta1"], CustomResourceDefinitions.ToDefinitions(crd).Select(definition => definition.Version));
        Assert.Equal("v1", CustomResourceDefinitions.StorageVersion(crd));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"x.y"}}""", "metadata.name", "must be spec.names.plural+\".\"+spec.group")]
    [InlineData("""{"spec":{"group":"nodots"}}""", "spec.group", "should be a domain with at least one dot")]
    [InlineData("""{"spec":{"group":"UP.case"}}""", "spec.group", "a lowercase RFC 1123 subdomain")]
    [InlineData("""{"spec":{"group":"x.k8s.io"}}""", "metadata.annotations[api-approved.kubernetes.io]", "protected groups must have approval annotation")]
    [InlineData("""{"spec":{"scope":"Galaxy"}}""", "spec.scope", "supported values: \"Cluster\", \"Namespaced\"")]
    [InlineData("""{"spec":{"names":{"kind":"Bad_Kind"}}}""", "spec.names.kind", "may have mixed case")]
    [InlineData("""{"spec":{"names":{"listKind":"Widget"}}}""", "spec.names.listKind", "kind and listKind may not be the same")]
    [InlineData("""{"spec":{"names":{"shortNames":["W"]}}}""", "spec.names.shortNames[0]", "DNS-1035")]
    [InlineData("""{"spec":{"versions":[]}}""", "spec.versions", "must have exactly one version marked as storage version")]
    [InlineData("""{"spec":{"preserveUnknownFields":true}}""", "spec.preserveUnknownFields", "cannot set to true")]
    [InlineData("""{"spec":{"conversion":{"strategy":"Webhook"}}}""", "spec.conversion.strategy", "calls no conversion webhooks")]
    public void A_definition_that_breaks_a_rule_is_refused(string patch, string field, string detail)
    {
        var crd = (JsonObject)MergePatch.Apply(Widgets.Crd(), JsonNode.Parse(patch))!;
        AssertRefused(crd, field, detail);
    }

    [Theory]
    [InlineData("""{"storage":false}""", "spec.versions", "must have exactly one version marked as storage version")]
    [InlineData("""{"name":"V1"}""", "spec.versions[0].name", "DNS-1035")]
    [InlineData("""{"schema":null}""", "spec.validation.openAPIV3Schema", "schemas are required")]
    [InlineData("""{"additionalPrinterColumns":[{"name":"A","type":"colour","jsonPath":".a"}]}""", "spec.versions[0].additionalPrinterColumns[0].type", "supported values")]
    [InlineData("""{"additionalPrinterColumns":[{"name":"A","type":"date"}]}""", "spec.versions[0].additionalPrinterColumns[0].jsonPath", "")]
    [InlineData("""{"selectableFields":[{"jsonPath":".spec.map"}]}""", "spec.versions[0].selectableFields[0].jsonPath", "is an invalid path")]
    [InlineData("""{"selectableFields":[{"jsonPath":".spec.color"},{"jsonPath":".spec.color"}]}""", "spec.versions[0].selectableFields[1].jsonPath", "")]
    [InlineData("""{"subresources":{"scale":{"specReplicasPath":".status.n"}}}""", "spec.versions[0].subresources.scale.specReplicasPath", "should be a json path under .spec")]
    [InlineData("""{"subresources":{"scale":{"labelSelectorPath":".spec.a[0]"}}}""", "spec.versions[0].subresources.scale.labelSelectorPath", "simple json path")]
    public void A_version_that_breaks_a_rule_is_refused(string patch, string field, string detail)
    {
        var crd = Widgets.Crd();
        var versions = crd["spec"]!["versions"]!.AsArray();
        versions[0] = MergePatch.Apply(versions[0], JsonNode.Parse(patch));
        AssertRefused(crd, field, detail);
    }

    [Theory]
    [InlineData("{}", ".type", "must not be empty for specified object fields")]
    [InlineData("""{"type":"text"}""", ".type", "supported values")]
    [InlineData("""{"type":"array"}""", ".items", "must be specified")]
    [InlineData("""{"type":"array","items":{}}""", ".items.type", "must not be empty for specified array items")]
    [InlineData("""{"type":"string","pattern":"("}""", ".pattern", "must be a valid regular expression")]
    [InlineData("""{"type":"string","minLength":-1}""", ".minLength", "non-negative")]
    [InlineData("""{"type":"string","maxLength":"5"}""", ".maxLength", "must be of type integer")]
    [InlineData("""{"type":"array","uniqueItems":true,"items":{"type":"string"}}""", ".uniqueItems", "quadratic")]
    [InlineData("""{"$ref":"#/x"}""", ".$ref", "$ref is not supported")]
    [InlineData("""{"type":"string","frobnicate":1}""", ".frobnicate", "unknown field")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":{"type":"string"}}""", ".additionalProperties", "mutual exclusive")]
    [InlineData("""{"type":"object","x-kubernetes-preserve-unknown-fields":false}""", ".x-kubernetes-preserve-unknown-fields", "must be true or undefined")]
    [InlineData("""{"type":"object","x-kubernetes-embedded-resource":true}""", ".properties", "must not be empty if x-kubernetes-embedded-resource is true")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"map","items":{"type":"object"}}""", ".x-kubernetes-list-map-keys", "must not be empty")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object"}}""", ".x-kubernetes-list-map-keys[0]", "names of item properties")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","properties":{"k":{"type":"string"}}}}""", ".items.properties[k].default", "must have a default or be a required property")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"bag","items":{"type":"string"}}""", ".x-kubernetes-list-type", "supported values")]
    [InlineData("""{"type":"array","x-kubernetes-list-type":"set","items":{"type":"object"}}""", ".items.x-kubernetes-map-type", "must be atomic")]
    [InlineData("""{"type":"string","x-kubernetes-map-type":"atomic"}""", ".type", "must be object if x-kubernetes-map-type is specified")]
    [InlineData("""{"type":"string","allOf":[{"default":"x"}]}""", ".allOf[0].default", "must be empty to be structural")]
    [InlineData("""{"type":"integer","default":"x"}""", ".default", "must be of type integer")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"default":{"b":1}}""", ".default", "must not have unknown fields: b")]
    [InlineData("""{"type":"string","x-kubernetes-validations":[{"rule":"self +"}]}""", ".x-kubernetes-validations[0].rule", "compilation failed")]
    [InlineData("""{"type":"string","x-kubernetes-validations":[{"rule":"self.size()"}]}""", ".x-kubernetes-validations[0].rule", "must evaluate to")]
    [InlineData("""{"type":"string","x-kubernetes-validations":[{"rule":""}]}""", ".x-kubernetes-validations[0].rule", "rule is not specified")]
    [InlineData("""{"type":"string","x-kubernetes-validations":[{"rule":"true","reason":"Because"}]}""", ".x-kubernetes-validations[0].reason", "supported values")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"x-kubernetes-validations":[{"rule":"true","fieldPath":".b"}]}""", ".x-kubernetes-validations[0].fieldPath", "valid path")]
    [InlineData("""{"type":"array","items":{"type":"string","x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}""", ".items.x-kubernetes-validations[0].rule", "uncorrelatable")]
    [InlineData("""{"type":"string","x-kubernetes-validations":[{"rule":"self != ''","optionalOldSelf":true}]}""", ".x-kubernetes-validations[0].optionalOldSelf", "oldSelf is not used")]
    public void A_schema_that_is_not_structural_is_refused(string schema, string place, string detail)
    {
        var crd = Widgets.Crd();
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["it"] = JsonNode.Parse(schema);
        AssertRefused(crd, $"{Spec}[it]{place}", detail);
    }

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":false}""")]
    [InlineData("""{"type":"string","x-kubernetes-int-or-string":true}""")]
    [InlineData("""{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},{"type":"string"}]}""")]
    [InlineData("""{"type":"object","anyOf":[{"properties":{"a":{"minLength":1}}}]}""")]
    [InlineData("""{"type":"object","nullable":true,"default":{}}""")]
    public void A_schema_a_real_server_takes_is_taken(string schema)
    {
        var crd = Widgets.Crd();
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["it"] = JsonNode.Parse(schema);
        Assert.Single(CustomResourceDefinitions.ToDefinitions(crd));
    }

    [Fact]
    public void Rules_of_the_root_see_nothing_of_metadata_but_the_name()
    {
        var crd = Widgets.Crd();
        var root = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
        root["x-kubernetes-validations"] = JsonNode.Parse("""[{"rule":"self.metadata.name != 'x'"}]""");
        Assert.Single(CustomResourceDefinitions.ToDefinitions(crd));
        root["x-kubernetes-validations"] = JsonNode.Parse("""[{"rule":"self.metadata.labels.size() > 0"}]""");
        AssertRefused(crd, "spec.validation.openAPIV3Schema.x-kubernetes-validations[0].rule", "compilation failed");
    }

    [Fact]
    public void Metadata_may_only_restrict_names()
    {
        var crd = Widgets.Crd();
        var properties = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;
        properties["metadata"] = JsonNode.Parse("""{"type":"object","properties":{"name":{"type":"string","maxLength":3}}}""");
        var schema = CustomResourceDefinitions.ToDefinitions(crd).Single().Schema;
        var obj = Widgets.WithSpec("""{"name":"abc"}""");
        obj["metadata"]!["name"] = "long";
        Assert.Equal(["metadata.name"], SchemaValidator.Validate(obj, null, schema).Where(e => e.Type == FieldErrorType.TooLong).Select(e => e.Field));
        properties["metadata"] = JsonNode.Parse("""{"type":"object","properties":{"labels":{"type":"object"}}}""");
        AssertRefused(crd, "spec.validation.openAPIV3Schema.properties[metadata]", "anything other than name and generateName");
    }

    [Fact]
    public void Creating_a_definition_fills_in_names_conversion_and_stored_versions()
    {
        var crd = Widgets.Crd();
        var strategy = CustomResourceDefinitions.Definition.Strategy;
        strategy.PrepareForCreate(crd);
        Assert.Equal("widget", (string?)crd["spec"]!["names"]!["singular"]);
        Assert.Equal("WidgetList", (string?)crd["spec"]!["names"]!["listKind"]);
        Assert.Equal("None", (string?)crd["spec"]!["conversion"]!["strategy"]);
        Assert.Equal("""["v1"]""", crd["status"]!["storedVersions"]!.ToJsonString());
        Assert.Empty(strategy.Validate(crd, null));
        Assert.Empty(SchemaPruner.Prune(crd, CustomResourceDefinitions.Definition.Schema));
        Assert.Empty(SchemaValidator.Validate(crd, null, CustomResourceDefinitions.Definition.Schema));
    }

    [Fact]
    public void A_version_that_holds_objects_cannot_be_removed()
    {
        var strategy = CustomResourceDefinitions.Definition.Strategy;
        var old = Widgets.Crd();
        strategy.PrepareForCreate(old);
        var updated = (JsonObject)old.DeepClone();
        updated["spec"]!["versions"]![0]!["name"] = "v2";
        updated["spec"]!["scope"] = "Cluster";
        strategy.PrepareForUpdate(updated, old);
        Assert.Equal("""["v1","v2"]""", updated["status"]!["storedVersions"]!.ToJsonString());
        Assert.Equal(["spec.scope", "status.storedVersions[0]"], strategy.Validate(updated, old).Select(error => error.Field));
    }

    [Fact]
    public void Names_that_are_free_are_accepted_and_the_type_is_established()
    {
        var crd = Widgets.Crd();
        CustomResourceDefinitions.Definition.Strategy.PrepareForCreate(crd);
        crd["status"] = CustomResourceConditions.StatusOf(crd, [], DateTimeOffset.UnixEpoch);
        Assert.True(CustomResourceConditions.IsEstablished(crd));
        Assert.Equal("widgets", (string?)crd["status"]!["acceptedNames"]!["plural"]);
        var later = CustomResourceConditions.StatusOf(crd, [], DateTimeOffset.UnixEpoch.AddDays(1));
        Assert.True(JsonNode.DeepEquals(crd["status"], later), "nothing changed, so no time changes");
    }

    [Fact]
    public void Names_that_are_taken_keep_a_type_from_being_served()
    {
        var first = Widgets.Crd();
        CustomResourceDefinitions.Definition.Strategy.PrepareForCreate(first);
        first["status"] = CustomResourceConditions.StatusOf(first, [], DateTimeOffset.UnixEpoch);
        var second = Widgets.Crd();
        second["metadata"]!["name"] = "gadgets.test.example.com";
        second["spec"]!["names"]!["plural"] = "gadgets";
        second["status"] = CustomResourceConditions.StatusOf(second, [first], DateTimeOffset.UnixEpoch);
        Assert.False(CustomResourceConditions.IsEstablished(second));
        var condition = second["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "NamesAccepted")!;
        Assert.Equal(("ShortNamesConflict", "\"wd\" is already in use"), ((string)condition["reason"]!, (string)condition["message"]!));
    }

    [Theory]
    [InlineData(-1, "should be a non-negative integer")]
    [InlineData(3_000_000_000, "should be less than or equal to 2147483647")]
    public void Values_behind_scale_are_replica_counts(long replicas, string detail)
    {
        var obj = Widgets.WithSpec("{}");
        obj["spec"]!["replicas"] = replicas;
        Assert.Equal([(".spec.replicas", detail)], Widgets.Definition.Strategy.Validate(obj, null).Select(error => (error.Field, error.Detail)));
    }

    private static JsonObject Version(string name, bool served) => new()
    {
        ["name"] = name,
        ["served"] = served,
        ["storage"] = false,
        ["schema"] = JsonNode.Parse("""{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}"""),
    };

    private static void AssertRefused(JsonObject crd, string field, string detail)
    {
        var error = Assert.Throws<ApiStatusException>(() => CustomResourceDefinitions.ToDefinitions(crd));
        Assert.Equal((422, "Invalid"), (error.Code, error.Reason));
        Assert.Contains(error.Causes, cause => cause.Field == field && cause.Detail.Contains(detail, StringComparison.Ordinal));
    }
}
