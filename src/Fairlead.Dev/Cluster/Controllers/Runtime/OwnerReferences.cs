using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>Reads and writes owner references.</summary>
internal static class OwnerReferences
{
    public static (string Kind, string Name, string Uid)? Controller(JsonObject obj) =>
        obj.Object("metadata").Objects("ownerReferences").FirstOrDefault(r => r.Flag("controller") == true) is { } reference
            ? (reference.Text("kind") ?? "", reference.Text("name") ?? "", reference.Text("uid") ?? "")
            : null;

    public static JsonArray To(JsonObject owner) => new((JsonNode)new JsonObject
    {
        ["apiVersion"] = owner.Text("apiVersion"),
        ["kind"] = owner.Text("kind"),
        ["name"] = owner.Name(),
        ["uid"] = owner.Uid(),
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    });
}
