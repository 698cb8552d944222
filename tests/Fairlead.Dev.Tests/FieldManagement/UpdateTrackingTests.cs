using System.Text.Json.Nodes;
using Fairlead.Dev.Tests.CustomResources;

namespace Fairlead.Dev.Tests.FieldManagement;

public sealed class UpdateTrackingTests
{
    private readonly Writer _writer = new();

    [Fact]
    public void A_creation_owns_everything_it_sets_defaults_included()
    {
        var obj = Widgets.WithSpec("""{"name":"abc","map":{"a":"1"},"slist":["x"],"mlist":[{"name":"q","map":{}}],"free":{"u":{"v":[1]}},"amap":{"a":"1"}}""");
        obj["metadata"]!["labels"] = new JsonObject { ["a"] = "1" };
        obj["metadata"]!["finalizers"] = new JsonArray("x/y");
        _writer.UpdateObject("cr", obj);
        Assert.Equal(
            """{"f:metadata":{"f:finalizers":{".":{},"v:\"x/y\"":{}},"f:labels":{".":{},"f:a":{}}},"f:spec":{".":{},"f:amap":{},"f:defd":{},"f:free":{".":{},"f:u":{".":{},"f:v":{}}},"f:map":{".":{},"f:a":{}},"f:mlist":{".":{},"k:{\"name\":\"q\",\"port\":80}":{".":{},"f:map":{},"f:name":{},"f:port":{}}},"f:name":{},"f:slist":{".":{},"v:\"x\"":{}}}}""",
            _writer.FieldsOf("cr"));
    }

    [Fact]
    public void An_update_takes_what_it_changes_and_loses_what_it_removes()
    {
        _writer.Update("one", """{"name":"abc","replicas":2,"color":"red"}""");
        _writer.Update("two", """{"name":"abc","replicas":4}""");
        Assert.Equal("""{"f:spec":{".":{},"f:defd":{},"f:name":{}}}""", _writer.FieldsOf("one"));
        Assert.Equal("""{"f:spec":{"f:replicas":{}}}""", _writer.FieldsOf("two"));
    }

    [Fact]
    public void A_write_that_changes_nothing_changes_no_time()
    {
        _writer.Update("one", """{"name":"abc"}""");
        var before = _writer.Live!.ToJsonString();
        _writer.Update("one", """{"name":"abc"}""");
        Assert.Equal(before, _writer.Live!.ToJsonString());
    }

    [Fact]
    public void Writes_to_status_are_another_manager()
    {
        _writer.Update("one", """{"name":"abc"}""");
        var updated = (JsonObject)_writer.Live!.DeepClone();
        updated["status"] = JsonNode.Parse("""{"phase":"x"}""");
        _writer.UpdateObject("one", updated, "status");
        Assert.Equal(["one", "one"], _writer.Managers());
        Assert.Equal(2, _writer.Live!["metadata"]!["managedFields"]!.AsArray().Select(e => (string?)e!["subresource"]).Distinct().Count());
    }

    [Fact]
    public void One_empty_entry_resets_the_managers_and_an_empty_list_does_not()
    {
        _writer.Apply("a", """{"name":"abc"}""");
        Send("[]");
        Assert.Equal(["a"], _writer.Managers());
        Send("[{}]");
        Assert.Empty(_writer.Managers());
        _writer.Update("u", """{"name":"abd"}""");
        Assert.Empty(_writer.Managers());
    }

    [Fact]
    public void An_update_may_rewrite_the_managers()
    {
        _writer.Update("csa", """{"name":"abc"}""");
        Send("""[{"manager":"ssa","operation":"Apply","apiVersion":"test.example.com/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:name":{}}}}]""");
        Assert.Equal(["ssa"], _writer.Managers());
    }

    [Fact]
    public void The_oldest_updaters_fold_into_one()
    {
        _writer.Update("creator", """{"name":"abc"}""");
        for (var i = 0; i < 12; i++)
        {
            var updated = (JsonObject)_writer.Live!.DeepClone();
            updated["metadata"]!["labels"] ??= new JsonObject();
            updated["metadata"]!["labels"]![$"l{i}"] = "1";
            _writer.UpdateObject($"m{i}", updated);
        }

        Assert.Equal(10, _writer.Managers().Count());
        Assert.Equal("ancient-changes", _writer.Managers().First());
        Assert.Contains("f:l2", _writer.FieldsOf("ancient-changes"), StringComparison.Ordinal);
    }

    private void Send(string managedFields)
    {
        var updated = (JsonObject)_writer.Live!.DeepClone();
        updated["metadata"]!["managedFields"] = JsonNode.Parse(managedFields);
        _writer.UpdateObject("u", updated);
    }
}
