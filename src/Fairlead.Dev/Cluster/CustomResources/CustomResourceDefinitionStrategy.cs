using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Defaults and rules of CustomResourceDefinition objects.</summary>
internal sealed class CustomResourceDefinitionStrategy : IResourceStrategy
{
    public void PrepareForCreate(JsonObject obj)
    {
        CustomResourceDefinitionDefaults.Apply(obj);
        obj["status"] = new JsonObject { ["storedVersions"] = SchemaJson.Texts([CustomResourceDefinitions.StorageVersion(obj)]) };
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        CustomResourceDefinitionDefaults.Apply(obj);
        var storage = CustomResourceDefinitions.StorageVersion(obj);
        if (obj["status"] is not JsonObject status)
            obj["status"] = status = [];
        var stored = Texts(status, "storedVersions");
        if (storage.Length > 0 && !stored.Contains(storage))
            status["storedVersions"] = SchemaJson.Texts(stored.Add(storage));
    }

    public IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) => CustomResourceDefinitionValidator.Validate(obj, old);

    public void Release(JsonObject obj)
    {
    }
}
