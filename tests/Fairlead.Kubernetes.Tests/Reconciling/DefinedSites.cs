using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;

namespace Fairlead.Kubernetes.Tests.Reconciling;

/// <summary>The definition of <see cref="Site"/> in a cluster, until it is disposed of.</summary>
internal sealed class DefinedSites : IAsyncDisposable
{
    private static readonly ObjectKey Definition = new("", "sites.appliertests.example");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ApplierWorld _world;

    private DefinedSites(ApplierWorld world) => _world = world;

    public static ResourceType<Site> Type { get; } = new(
        "appliertests.example", "v1", "Site", "sites", Namespaced: true,
        (JsonTypeInfo<Site>)new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        }.GetTypeInfo(typeof(Site)));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<DefinedSites> DefineAsync(ApplierWorld world)
    {
        var text = new JsonSchemaProps { Type = "string" };
        await world.For(KubernetesResources.CustomResourceDefinitions).CreateAsync(
            new CustomResourceDefinition
            {
                Metadata = new() { Name = Definition.Name },
                Spec = new()
                {
                    Group = Type.Group,
                    Scope = "Namespaced",
                    Names = new() { Plural = Type.Plural, Singular = "site", Kind = Type.Kind, ListKind = "SiteList" },
                    Versions =
                    [
                        new()
                        {
                            Name = Type.Version,
                            Served = true,
                            Storage = true,
                            Subresources = new() { Status = new() },
                            Schema = new()
                            {
                                OpenAPIV3Schema = new()
                                {
                                    Type = "object",
                                    Properties = new Dictionary<string, JsonSchemaProps>
                                    {
                                        ["status"] = new() { Type = "object", Properties = new Dictionary<string, JsonSchemaProps> { ["phase"] = text } },
                                    },
                                },
                            },
                        },
                    ],
                },
            },
            cancellationToken: Cancelled);
        var sites = new DefinedSites(world);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(Patience);
        while ((await world.For(KubernetesResources.CustomResourceDefinitions).GetAsync(Definition, limit.Token))
            .Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) != true)
        {
            await Task.Yield();
        }

        return sites;
    }

    public Task<Site> CreateAsync(string name) => _world.For(Type).CreateAsync(
        new Site { ApiVersion = Type.ApiVersion, Kind = Type.Kind, Metadata = new() { Namespace = _world.Namespace, Name = name } }, cancellationToken: Cancelled);

    public Task<Site> GetAsync(string name) => _world.For(Type).GetAsync(new(_world.Namespace, name), Cancelled);

    public async ValueTask DisposeAsync()
    {
        // A finalizer would keep the definition for good.
        foreach (var site in (await _world.For(Type).ListAllAsync(_world.Namespace, cancellationToken: CancellationToken.None)).Items)
        {
            var key = new ObjectKey(_world.Namespace, site.Metadata.Name!);
            await _world.For(Type).PatchAsync(key, Patch.Merge("""{"metadata":{"finalizers":null}}"""u8.ToArray()), cancellationToken: CancellationToken.None);
        }

        await _world.For(KubernetesResources.CustomResourceDefinitions).TryDeleteAsync(Definition, cancellationToken: CancellationToken.None);
    }
}
