using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Tests.CustomResources;

namespace Fairlead.Dev.Tests.FieldManagement;

/// <summary>The steps and their outcomes were recorded from a Kubernetes 1.36 API server.</summary>
public sealed class ServerSideApplyTests
{
    private const string First = """{"name":"abc","replicas":2,"map":{"x":"1"},"slist":["a","b"],"mlist":[{"name":"n1","value":"v"}],"amap":{"q":"1"}}""";

    private readonly Writer _writer = new();

    [Fact]
    public void Applying_owns_exactly_what_was_applied()
    {
        _writer.Apply("a", First);
        Assert.Equal(
            """{"f:spec":{"f:amap":{},"f:map":{"f:x":{}},"f:mlist":{"k:{\"name\":\"n1\",\"port\":80}":{".":{},"f:name":{},"f:value":{}}},"f:name":{},"f:replicas":{},"f:slist":{"v:\"a\"":{},"v:\"b\"":{}}}}""",
            _writer.FieldsOf("a"));
        Assert.Equal("2026-01-01T00:00:01Z", _writer.TimeOf("a"));
    }

    [Fact]
    public void Applying_the_same_values_shares_ownership_and_records_no_time()
    {
        _writer.Apply("a", First);
        _writer.Apply("b", """{"name":"abc","replicas":2}""");
        Assert.Equal("""{"f:spec":{"f:name":{},"f:replicas":{}}}""", _writer.FieldsOf("b"));
        Assert.Null(_writer.TimeOf("b"));
        Assert.Equal(["b", "a"], _writer.Managers());
    }

    [Fact]
    public void Changing_what_others_own_is_a_conflict_that_names_every_field()
    {
        _writer.Apply("a", First);
        _writer.Apply("b", """{"name":"abc","replicas":2}""");
        var error = Assert.Throws<ApiStatusException>(() =>
            _writer.Apply("c", """{"name":"xyz","replicas":4,"amap":{"z":"1"},"mlist":[{"name":"n1","value":"w"}],"slist":["c"]}"""));
        Assert.Equal((409, "Conflict"), (error.Code, error.Reason));
        Assert.Equal(
            """
            Apply failed with 6 conflicts: conflicts with "a":
            - .spec.amap
            - .spec.name
            - .spec.replicas
            - .spec.mlist[name="n1",port=80].value
            conflicts with "b":
            - .spec.name
            - .spec.replicas
            """,
            error.Message);
        var cause = error.Causes[0];
        Assert.Equal(("FieldManagerConflict", "conflict with \"a\"", ".spec.amap"), (cause.Reason(), cause.Message(), cause.Field));
    }

    [Fact]
    public void A_conflict_with_an_updater_names_its_version()
    {
        _writer.Apply("a", First);
        _writer.Update("u", """{"name":"abc","replicas":6,"map":{"x":"1"},"slist":["a","b"],"mlist":[{"name":"n1","value":"v"}],"amap":{"q":"1"}}""");
        var error = Assert.Throws<ApiStatusException>(() => _writer.Apply("a", """{"name":"abc","replicas":8}"""));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"u\" using test.example.com/v1: .spec.replicas", error.Message);
    }

    [Fact]
    public void Force_takes_fields_over()
    {
        _writer.Apply("a", First);
        _writer.Apply("b", """{"name":"abc","replicas":2}""");
        _writer.Apply("c", """{"name":"xyz","replicas":4,"slist":["c","a"]}""", force: true);
        Assert.Equal(["a", "c"], _writer.Managers());
        Assert.Equal("""["c","a","b"]""", _writer.Live!["spec"]!["slist"]!.ToJsonString());
        Assert.DoesNotContain("f:name\":{},\"f:replicas", _writer.FieldsOf("a"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_applied_no_longer_and_owned_by_nobody_else_goes_away()
    {
        _writer.Apply("a", First);
        _writer.Apply("c", """{"name":"xyz","replicas":4,"slist":["c","a"]}""", force: true);
        _writer.Apply("a", """{"name":"xyz","slist":["b"],"mlist":[]}""");
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"defd":"dd","name":"xyz","replicas":4,"slist":["c","a","b"]}"""), _writer.Live!["spec"]), _writer.Spec());
        Assert.Equal("""{"f:spec":{"f:name":{},"f:slist":{"v:\"b\"":{}}}}""", _writer.FieldsOf("a"));
    }

    [Fact]
    public void Entries_of_a_map_are_owned_one_by_one()
    {
        _writer.Apply("a", """{"name":"abc","map":{"a":"1"}}""");
        _writer.Apply("a", """{"name":"abc","map":{"b":"1"}}""");
        Assert.Equal("""{"b":"1"}""", _writer.Live!["spec"]!["map"]!.ToJsonString());
        _writer.Apply("a", """{"name":"abc"}""");
        Assert.False(_writer.Live!["spec"]!.AsObject().ContainsKey("map"));
    }

    [Fact]
    public void A_list_that_pruning_emptied_goes_away_whoever_owns_the_bare_list()
    {
        _writer.Update("u", """{"name":"abc","mlist":[{"name":"n"}]}""");
        _writer.Apply("a", """{"mlist":[{"name":"m"}]}""");
        _writer.Update("u", """{"name":"abc","mlist":[{"name":"m"}]}""");
        Assert.Contains("\"f:mlist\":{}", _writer.FieldsOf("u"), StringComparison.Ordinal);
        _writer.Apply("a", "{}");
        Assert.False(_writer.Live!["spec"]!.AsObject().ContainsKey("mlist"));
        Assert.DoesNotContain("f:mlist", _writer.FieldsOf("u"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_changes_its_kind_takes_its_parts_from_their_owners()
    {
        _writer.Apply("a", """{"name":"abc","free":{"p":{"y":2},"q":1}}""");
        _writer.Apply("b", """{"free":{"p":[1]}}""", force: true);
        Assert.Equal("""{"f:spec":{"f:free":{"f:q":{}},"f:name":{}}}""", _writer.FieldsOf("a"));
    }

    [Theory]
    [InlineData("dxa", "bcdxa")]
    [InlineData("abcd", "abcd")]
    [InlineData("x", "abcdx")]
    [InlineData("dcba", "dcba")]
    public void A_list_map_follows_the_applied_order(string applied, string expected)
    {
        _writer.Apply("a", Names("abcd"));
        _writer.Apply("b", Names(applied));
        Assert.Equal(expected, string.Concat(_writer.Live!["spec"]!["mlist"]!.AsArray().Select(e => (string)e!["name"]!)));
    }

    [Fact]
    public void Three_appliers_order_a_list_map_together()
    {
        _writer.Apply("a", Names("abcd"));
        _writer.Apply("b", Names("dxa"));
        _writer.Apply("c", Names("cbe"));
        Assert.Equal("cdxabe", string.Concat(_writer.Live!["spec"]!["mlist"]!.AsArray().Select(e => (string)e!["name"]!)));
    }

    [Theory]
    [InlineData("""{"name":"xyz","mlist":[{"name":"m"},{"name":"m"}]}""", 500, ".spec.mlist: duplicate entries for key [name=\"m\",port=80]")]
    [InlineData("""{"name":"xyz","slist":["m","m"]}""", 500, ".spec.slist: duplicate entries for key [=\"m\"]")]
    [InlineData("""{"name":"xyz","foo":1}""", 500, ".spec.foo: field not declared in schema")]
    [InlineData("""{"name":"xyz","mlist":"x"}""", 500, ".spec.mlist: expected list")]
    [InlineData("""{"name":5}""", 500, ".spec.name: expected string")]
    public void A_configuration_that_has_no_owned_form_is_refused(string spec, int code, string message)
    {
        var error = Assert.Throws<ApiStatusException>(() => _writer.Apply("d", spec));
        Assert.Equal(code, error.Code);
        Assert.StartsWith("failed to create typed patch object (/w; test.example.com/v1, Kind=Widget): " + message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_must_not_carry_managers()
    {
        var configuration = Widgets.WithSpec("""{"name":"abc"}""");
        configuration["metadata"]!["managedFields"] = JsonNode.Parse("""[{"manager":"x","operation":"Apply"}]""");
        var error = Assert.Throws<ApiStatusException>(() => _writer.ApplyObject("d", configuration));
        Assert.Equal((400, "metadata.managedFields must be nil"), (error.Code, error.Message));
    }

    [Fact]
    public void Status_is_not_applied_through_the_main_resource()
    {
        var configuration = Widgets.WithSpec("""{"name":"abc"}""");
        configuration["status"] = JsonNode.Parse("""{"phase":"x"}""");
        _writer.ApplyObject("a", configuration);
        Assert.False(_writer.Live!.ContainsKey("status"));
        Assert.Equal("""{"f:spec":{"f:name":{}}}""", _writer.FieldsOf("a"));
    }

    [Fact]
    public void A_conflict_in_status_names_the_subresource()
    {
        _writer.Apply("a", """{"name":"abc"}""");
        var updated = (JsonObject)_writer.Live!.DeepClone();
        updated["status"] = JsonNode.Parse("""{"phase":"x"}""");
        _writer.UpdateObject("st", updated, "status");
        Assert.Equal("""{"f:status":{".":{},"f:phase":{}}}""", _writer.FieldsOf("st"));
        var configuration = Widgets.WithSpec("{}");
        configuration.Remove("spec");
        configuration["status"] = JsonNode.Parse("""{"phase":"y"}""");
        var error = Assert.Throws<ApiStatusException>(() => _writer.ApplyObject("a", configuration, subresource: "status"));
        Assert.Equal(
            "Apply failed with 1 conflict: conflict with \"st\" with subresource \"status\" using test.example.com/v1: .status.phase", error.Message);
    }

    [Fact]
    public void An_object_nobody_tracked_belongs_to_before_first_apply()
    {
        _writer.Live = Widgets.WithSpec("""{"name":"abc","replicas":2}""");
        _writer.Apply("a", """{"name":"abc"}""");
        Assert.Equal(["a", "before-first-apply"], _writer.Managers());
        Assert.Equal("""{"f:spec":{".":{},"f:name":{},"f:replicas":{}}}""", _writer.FieldsOf("before-first-apply"));
    }

    private static string Names(string letters) =>
        $$"""{"name":"abc","mlist":[{{string.Join(",", letters.Select(c => $$"""{"name":"{{c}}"}"""))}}]}""";
}
