using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Custom resource types, from their definitions.</summary>
public static class CustomResourceDefinitions
{
    public const string Group = "apiextensions.k8s.io";

    public const string Kind = "CustomResourceDefinition";

    /// <summary>The type of CustomResourceDefinition objects themselves.</summary>
    public static ResourceDefinition Definition { get; } = CustomResourceDefinitionSchema.CreateDefinition();

    /// <summary>
    /// A resource type per served version, the storage version first. All versions share one storage form; converting between
    /// them changes <c>apiVersion</c> only.
    /// </summary>
    /// <exception cref="ApiStatusException">422: the definition is invalid.</exception>
    public static ImmutableArray<ResourceDefinition> ToDefinitions(JsonObject crd)
    {
        ArgumentNullException.ThrowIfNull(crd);
        var complete = (JsonObject)crd.DeepClone();
        CustomResourceDefinitionDefaults.Apply(complete);
        var errors = CustomResourceDefinitionValidator.Validate(complete, null);
        if (errors.Count > 0)
            throw InvalidObject.Exception(Group, Kind, Text(complete["metadata"] as JsonObject ?? [], "name") ?? "", errors);
        var spec = (JsonObject)complete["spec"]!;
        return
        [
            .. CustomResourceVersion.ReadAll(spec)
                .Where(version => version.Served)
                .OrderByDescending(version => version.Storage)
                .Select(version => ToDefinition(spec, version)),
        ];
    }

    /// <summary>Version objects are stored in.</summary>
    public static string StorageVersion(JsonObject crd)
    {
        ArgumentNullException.ThrowIfNull(crd);
        return CustomResourceVersion.ReadAll(crd["spec"] as JsonObject ?? []).FirstOrDefault(version => version.Storage)?.Name ?? "";
    }

    private static ResourceDefinition ToDefinition(JsonObject spec, CustomResourceVersion version)
    {
        var names = (JsonObject)spec["names"]!;
        var kind = Text(names, "kind")!;
        var scale = version.Scale is { } source
            ? new ScaleSubresource(Text(source, "specReplicasPath")!, Text(source, "statusReplicasPath")!, Text(source, "labelSelectorPath"))
            : null;
        return new ResourceDefinition
        {
            Group = Text(spec, "group")!,
            Version = version.Name,
            Kind = kind,
            Plural = Text(names, "plural")!,
            Singular = Text(names, "singular") ?? kind.ToLowerInvariant(),
            Namespaced = Text(spec, "scope") == "Namespaced",
            ShortNames = Texts(names, "shortNames"),
            Categories = Texts(names, "categories"),
            Schema = ReadRoot(version.Schema!),
            HasStatus = version.HasStatus,
            Scale = scale,
            Columns = ReadColumns(version),
            SelectableFields = [.. version.SelectableFields.Select(field => Text(field, "jsonPath")!.TrimStart('.'))],
            Strategy = new CustomResourceStrategy(scale),
            ListKind = Text(names, "listKind"),
            IsCustom = true,
            TracksGeneration = true,
        };
    }

    private static ImmutableArray<PrinterColumn> ReadColumns(CustomResourceVersion version)
    {
        ImmutableArray<PrinterColumn> columns =
        [
            .. version.Columns.Select(column => new PrinterColumn(
                Text(column, "name")!,
                Text(column, "type")!,
                Text(column, "jsonPath"),
                JsonNumber.TryRead(column["priority"], out var priority) ? (int)priority.Value : 0,
                Text(column, "description"))),
        ];

        // Without columns of its own, a type shows its age.
        return columns.IsEmpty ? [new PrinterColumn("Age", "date", ".metadata.creationTimestamp")] : columns;
    }
}
