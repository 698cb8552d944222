using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.OpenApi;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Tests.CustomResources;
using Fairlead.Dev.Tests.Patching;

namespace Fairlead.Dev.Tests.OpenApi;

public sealed class OpenApiTests
{
    private static readonly ResourceDefinition Deployment = Widgets.Definition with
    {
        Group = "apps",
        Kind = "Deployment",
        Plural = "deployments",
        Schema = PodLikeSchema.Root,
        IsCustom = false,
    };

    private static readonly ResourceDefinition[] All = [Widgets.Definition, Deployment];

    [Fact]
    public void Every_group_version_has_a_document_and_the_index_names_it_by_hash()
    {
        var documents = OpenApiV3.BuildDocuments(All);
        Assert.Equal(["apis/apps/v1", "apis/test.example.com/v1"], documents.Keys);
        var index = OpenApiV3.BuildIndex(documents);
        var url = (string)index["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!;
        Assert.Matches("^/openapi/v3/apis/apps/v1\\?hash=[0-9A-F]{64}$", url);
        Assert.Equal(url, (string?)OpenApiV3.BuildIndex(OpenApiV3.BuildDocuments(All))["paths"]!["apis/apps/v1"]!["serverRelativeURL"]);
    }

    [Fact]
    public void A_patch_operation_tells_kubectl_what_it_may_ask_for()
    {
        var patch = OpenApiV3.BuildDocuments(All)["apis/test.example.com/v1"]["paths"]![
            "/apis/test.example.com/v1/namespaces/{namespace}/widgets/{name}"]!["patch"]!;
        var parameters = patch["parameters"]!.AsArray().Select(p => (string)p!["name"]!).ToList();
        Assert.Contains("dryRun", parameters);
        Assert.Contains("fieldValidation", parameters);
        Assert.Equal("Widget", (string?)patch["x-kubernetes-group-version-kind"]!["kind"]);
        Assert.Contains("application/apply-patch+yaml", patch["requestBody"]!["content"]!.AsObject().Select(c => c.Key));
    }

    [Fact]
    public void Schemas_carry_what_client_side_apply_merges_by()
    {
        var schema = OpenApiV3.BuildDocuments(All)["apis/apps/v1"]["components"]!["schemas"]!["io.k8s.api.apps.v1.Deployment"]!;
        var containers = schema["properties"]!["containers"]!;
        Assert.Equal("merge", (string?)containers["x-kubernetes-patch-strategy"]);
        Assert.Equal("name", (string?)containers["x-kubernetes-patch-merge-key"]);
        Assert.Equal("map", (string?)containers["x-kubernetes-list-type"]);
        var expected = JsonNode.Parse("""[{"group":"apps","kind":"Deployment","version":"v1"}]""");
        Assert.True(JsonNode.DeepEquals(expected, schema["x-kubernetes-group-version-kind"]));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var v2 = OpenApiV2.Build(All);
        AssertReferences(v2, "#/definitions/", v2["definitions"]!.AsObject());
        foreach (var (_, document) in OpenApiV3.BuildDocuments(All))
            AssertReferences(document, "#/components/schemas/", document["components"]!["schemas"]!.AsObject());
    }

    [Fact]
    public void OpenApi_2_leaves_open_what_it_cannot_say()
    {
        var spec = OpenApiV2.Build(All)["definitions"]!["com.example.test.v1.Widget"]!["properties"]!["spec"]!["properties"]!;
        Assert.False(spec["anyo"]!.AsObject().ContainsKey("anyOf"));
        Assert.False(spec["nul"]!.AsObject().ContainsKey("type"));
        Assert.Equal("string", (string?)spec["name"]!["type"]);
    }

    [Fact]
    public void Operation_ids_are_unique()
    {
        var ids = OpenApiV2.Build(All)["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .Where(member => member.Value is JsonObject)
            .Select(member => (string)member.Value!["operationId"]!)
            .ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
    }

    private static void AssertReferences(JsonNode? node, string prefix, JsonObject schemas)
    {
        switch (node)
        {
            case JsonObject obj:
                if (obj["$ref"] is JsonValue reference)
                    Assert.True(schemas.ContainsKey(((string)reference!)[prefix.Length..]), reference.ToJsonString());
                foreach (var (_, member) in obj)
                    AssertReferences(member, prefix, schemas);
                break;
            case JsonArray list:
                foreach (var element in list)
                    AssertReferences(element, prefix, schemas);
                break;
        }
    }
}
