using System.Text.Json.Nodes;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Fills in what a CustomResourceDefinition may leave out.</summary>
internal static class CustomResourceDefinitionDefaults
{
    public static void Apply(JsonObject crd)
    {
        if (crd["spec"] is not JsonObject spec)
            return;
        if (spec["conversion"] is not JsonObject { Count: > 0 })
            spec["conversion"] = new JsonObject { ["strategy"] = "None" };
        if (spec["names"] is not JsonObject names || Text(names, "kind") is not { Length: > 0 } kind)
            return;
        if (string.IsNullOrEmpty(Text(names, "singular")))
            names["singular"] = kind.ToLowerInvariant();
        if (string.IsNullOrEmpty(Text(names, "listKind")))
            names["listKind"] = kind + "List";
    }
}
