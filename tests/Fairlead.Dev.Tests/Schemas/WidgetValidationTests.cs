using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Tests.CustomResources;

namespace Fairlead.Dev.Tests.Schemas;

/// <summary>Causes are those a Kubernetes 1.36 API server gave for the same objects.</summary>
public sealed class WidgetValidationTests
{
    private const string NotChecked =
        "<nil>|FieldValueInvalid|Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

    [Theory]
    [InlineData("""{"name":"abc"}""")]
    [InlineData("""{"name":"abc","big":9223372036854775807}""")]
    [InlineData("""{"name":"abc","num":1}""")]
    [InlineData("""{"name":"abc","nul":null,"defd":null}""")]
    [InlineData("""{"name":"abc","free":{"known":{"x":"1"},"u":[1]}}""")]
    [InlineData("""{"name":"abc","emb":{"apiVersion":"v1","kind":"X","metadata":{"name":"UPPER","labels":{"a":"1"}},"x":1}}""")]
    [InlineData("""{"name":"abc","ios":"50%"}""")]
    [InlineData("""{"name":"abc","ios":50}""")]
    [InlineData("""{"name":"abc","replicas":2.0}""")]
    [InlineData("""{"name":"abc","cel":{"min":1,"max":5,"opt":4,"items":["a","ab"]}}""")]
    public void A_valid_object_has_no_errors(string spec) => Assert.Empty(Validate(spec));

    [Theory]
    [InlineData("""{"name":"a"}""", "spec.name|FieldValueInvalid|Invalid value: \"a\": spec.name in body should be at least 3 chars long")]
    [InlineData("""{"name":"abc","replicas":0}""", "spec.replicas|FieldValueInvalid|Invalid value: 0: spec.replicas in body should be greater than or equal to 1")]
    [InlineData("""{"name":"abc","replicas":3}""", "spec.replicas|FieldValueInvalid|Invalid value: 3: spec.replicas in body should be a multiple of 2")]
    [InlineData("""{"name":"abc","num":0}""", "spec.num|FieldValueInvalid|Invalid value: 0: spec.num in body should be greater than 0")]
    [InlineData("""{"name":"abc","map":{}}""", "spec.map|FieldValueInvalid|Invalid value: 0: spec.map in body should have at least 1 properties")]
    [InlineData("""{"name":"abc","alist":["a"]}""", "spec.alist|FieldValueInvalid|Invalid value: 1: spec.alist in body should have at least 2 items")]
    [InlineData("""{"name":"abc","slist":["a","a"]}""", "spec.slist[1]|FieldValueDuplicate|Duplicate value: \"a\"")]
    [InlineData("""{"name":"abc","mlist":[{"name":"a"},{"name":"a","port":80}]}""", "spec.mlist[1]|FieldValueDuplicate|Duplicate value: {\"name\":\"a\",\"port\":80}")]
    [InlineData("""{"name":"abc","oneo":{"a":"1","b":"2"}}""", "<nil>|FieldValueInvalid|Invalid value: \"\": \"spec.oneo\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [InlineData("""{"name":"abc","noto":"xa"}""", "<nil>|FieldValueInvalid|Invalid value: \"\": \"spec.noto\" must not validate the schema (not)")]
    [InlineData("""{"name":"abc","cel":{"min":5,"max":1}}""", "spec.cel|FieldValueInvalid|Invalid value: failed rule: !has(self.min) || !has(self.max) || self.min <= self.max")]
    [InlineData("""{"name":"abc","cel":{"max":200}}""", "spec.cel.max|FieldValueForbidden|Forbidden: max too big")]
    [InlineData("""{"name":"abc","cel":{"items":["b"]}}""", "spec.cel|FieldValueInvalid|Invalid value: items start with a")]
    [InlineData("""{"name":"abc","cel":{"opt":1}}""", "spec.cel.opt|FieldValueInvalid|Invalid value: 1: failed rule: oldSelf.hasValue() || self > 3")]
    public void A_violated_constraint_is_reported_where_it_is(string spec, string expected) => Assert.Equal([expected], Validate(spec));

    [Theory]
    [InlineData("{}", "spec.name|FieldValueRequired|Required value")]
    [InlineData("""{"name":null}""", "spec.name|FieldValueRequired|Required value")]
    [InlineData("""{"name":"abcdef"}""", "spec.name|FieldValueTooLong|Too long: may not be more than 5 bytes")]
    [InlineData("""{"name":5}""", "spec.name|FieldValueTypeInvalid|Invalid value: \"integer\": spec.name in body must be of type string: \"integer\"")]
    [InlineData("""{"name":"abc","color":"blue"}""", "spec.color|FieldValueNotSupported|Unsupported value: \"blue\": supported values: \"red\", \"green\"")]
    [InlineData("""{"name":"abc","replicas":"x"}""", "spec.replicas|FieldValueTypeInvalid|Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"")]
    [InlineData("""{"name":"abc","replicas":1.5}""", "spec.replicas|FieldValueTypeInvalid|Invalid value: \"float64\": spec.replicas in body must be of type int32: \"float64\"")]
    [InlineData("""{"name":"abc","ios":true}""", "spec.ios|FieldValueTypeInvalid|Invalid value: \"boolean\": spec.ios in body must be of type integer,string: \"boolean\"")]
    [InlineData("""{"name":"abc","ios":1.5}""", "spec.ios|FieldValueTypeInvalid|Invalid value: \"number\": spec.ios in body must be of type integer,string: \"number\"")]
    [InlineData("""{"name":"abc","map":{"a":1}}""", "spec.map.a|FieldValueTypeInvalid|Invalid value: \"integer\": spec.map.a in body must be of type string: \"integer\"")]
    [InlineData("""{"name":"abc","map":{"a":"1","b":"2","c":"3"}}""", "spec.map|FieldValueTooMany|Too many: 3: must have at most 2 items")]
    [InlineData("""{"name":"abc","alist":["a","a","a","a"]}""", "spec.alist|FieldValueTooMany|Too many: 4: must have at most 3 items")]
    [InlineData("""{"name":"abc","mlist":[{"port":1}]}""", "spec.mlist[0].name|FieldValueRequired|Required value")]
    [InlineData("""{"name":"abc","slist":[null]}""", "spec.slist[0]|FieldValueTypeInvalid|Invalid value: \"null\": spec.slist[0] in body must be of type string: \"null\"")]
    [InlineData("""{"name":"abc","cel":{"max":200,"min":"x"}}""", "spec.cel.min|FieldValueTypeInvalid|Invalid value: \"string\": spec.cel.min in body must be of type integer: \"string\"")]
    public void Rules_are_not_run_on_objects_of_the_wrong_shape(string spec, string expected) =>
        Assert.Equal([expected, NotChecked], Validate(spec));

    [Fact]
    public void No_branch_of_anyOf_matching_names_the_closest_one() => Assert.Equal(
        [
            "<nil>|FieldValueInvalid|Invalid value: \"\": \"spec.anyo\" must validate at least one schema (anyOf)",
            "spec.anyo.a|FieldValueRequired|Required value",
            NotChecked,
        ],
        Validate("""{"name":"abc","anyo":{}}"""));

    [Fact]
    public void AllOf_reports_every_branch() => Assert.Equal(
        [
            "spec.allo|FieldValueInvalid|Invalid value: \"b\": spec.allo in body should be at least 3 chars long",
            "spec.allo|FieldValueInvalid|Invalid value: \"b\": spec.allo in body should match '^a'",
            "<nil>|FieldValueInvalid|Invalid value: \"\": \"spec.allo\" must validate all the schemas (allOf). None validated",
        ],
        Validate("""{"name":"abc","allo":"b"}"""));

    [Fact]
    public void A_number_beyond_its_format_is_refused() => Assert.Contains(
        "<nil>|FieldValueInvalid|Invalid value: \"\": Checked value must be of type integer with format int32 in spec.replicas",
        Validate("""{"name":"abc","replicas":4294967296}"""));

    [Fact]
    public void An_embedded_resource_needs_a_type() => Assert.Equal(
        ["spec.emb.apiVersion|FieldValueRequired|Required value: must not be empty", "spec.emb.kind|FieldValueRequired|Required value: must not be empty", NotChecked],
        Validate("""{"name":"abc","emb":{}}"""));

    [Fact]
    public void A_transition_rule_compares_with_the_stored_value() => Assert.Equal(
        ["spec.cel.imm|FieldValueInvalid|Invalid value: \"b\": is immutable"],
        Validate("""{"name":"abc","cel":{"imm":"b"}}""", """{"name":"abc","cel":{"imm":"a"}}"""));

    [Fact]
    public void A_transition_rule_does_not_run_without_a_stored_value() =>
        Assert.Empty(Validate("""{"name":"abc","cel":{"imm":"b"}}""", """{"name":"abc","cel":{}}"""));

    [Fact]
    public void An_optional_old_value_lets_a_rule_run_on_create_and_update() =>
        Assert.Empty(Validate("""{"name":"abc","cel":{"opt":1}}""", """{"name":"abc","cel":{"opt":2}}"""));

    [Fact]
    public void What_was_stored_before_a_rule_existed_may_stay() =>
        Assert.Empty(Validate("""{"name":"a","cel":{"max":200}}""", """{"name":"a","cel":{"max":200}}"""));

    private static List<string> Validate(string spec, string? oldSpec = null)
    {
        var schema = Widgets.Definition.Schema;
        var obj = Prepare(spec, schema);
        var old = oldSpec is null ? null : Prepare(oldSpec, schema);
        return [.. SchemaValidator.Validate(obj, old, schema).Select(e => $"{e.Field}|{e.Reason()}|{e.Message()}")];
    }

    private static JsonObject Prepare(string spec, SchemaNode schema)
    {
        var obj = Widgets.WithSpec(spec);
        SchemaPruner.Prune(obj, schema);
        SchemaDefaulter.Apply(obj, schema);
        return obj;
    }
}
