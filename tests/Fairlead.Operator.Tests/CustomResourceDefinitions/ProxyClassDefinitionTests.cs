using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;
using Fairlead.Kubernetes.Yaml;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.Tests.CustomResourceDefinitions;

/// <summary>What an API server makes of ProxyClasses by the generated definition; the cases are in a file beside this one.</summary>
public sealed class ProxyClassDefinitionTests(DefinedCluster cluster) : IClassFixture<DefinedCluster>
{
    /// <summary>Objects as they are written, so that they can be wrong in any way.</summary>
    private static readonly ResourceType<PartialObjectMetadata> Raw =
        new(TailscaleResources.Group, TailscaleResources.Version, "ProxyClass", "proxyclasses", false, KubernetesJsonContext.Default.PartialObjectMetadata);

    public static TheoryData<string> Cases => [.. Manifests().Select(manifest => (string)manifest["title"]!)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_api_server_accepts_and_refuses_what_it_should(string title)
    {
        var manifest = Manifests().Single(manifest => (string)manifest["title"]! == title);
        var written = new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = "case-" } };
        if (manifest.TryGetPropertyValue("spec", out var spec))
        {
            written["spec"] = spec?.DeepClone();
        }

        var creation = cluster.Client.For(Raw).CreateAsync(
            written.Deserialize(Raw.Json)! with { ApiVersion = Raw.ApiVersion, Kind = Raw.Kind },
            new WriteOptions { DryRun = true },
            Cancellation);

        if ((string?)manifest["refused"] is { } words)
        {
            var refusal = await Assert.ThrowsAsync<KubernetesApiException>(() => creation);
            Assert.True(refusal.IsInvalid, refusal.Message);
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }
        else
        {
            var stored = JsonNode.Parse((await creation).Extra!["spec"].GetRawText());
            Assert.True(JsonNode.DeepEquals(manifest["stored"] ?? spec, stored), stored!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_status_is_written_through_its_subresource_only()
    {
        var classes = cluster.Client.For(TailscaleResources.ProxyClasses);
        var ready = new Condition
        {
            Type = ProxyClass.ReadyCondition,
            Status = "True",
            Reason = "ProxyClassValid",
            Message = "ok",
            LastTransitionTime = DateTimeOffset.UnixEpoch,
            ObservedGeneration = 1,
        };
        var wanted = new ProxyClass
        {
            ApiVersion = TailscaleResources.ProxyClasses.ApiVersion,
            Kind = "ProxyClass",
            Metadata = new ObjectMeta { GenerateName = "status-" },
            Spec = new ProxyClassSpec(),
            Status = new ProxyClassStatus { Conditions = [ready] },
        };

        var created = await classes.CreateAsync(wanted, cancellationToken: Cancellation);
        var updated = await classes.UpdateAsync(
            created with { Status = wanted.Status }, new WriteOptions { Subresource = "status" }, Cancellation);
        var nonsense = await Assert.ThrowsAsync<KubernetesApiException>(() => classes.UpdateAsync(
            updated with { Status = new ProxyClassStatus { Conditions = [ready with { Status = "Perhaps" }] } },
            new WriteOptions { Subresource = "status" },
            Cancellation));
        await classes.TryDeleteAsync(new ObjectKey("", created.Metadata.Name!), cancellationToken: Cancellation);

        Assert.Null(created.Status);
        Assert.False(created.IsReady);
        Assert.True(updated.IsReady);
        Assert.Contains("status.conditions[0].status", nonsense.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonObject> Manifests([CallerFilePath] string thisFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(thisFile)!, "proxyclasses.yaml");
        return YamlJson.Read(File.ReadAllText(path), path).Select(document => document.Root!.AsObject());
    }
}
