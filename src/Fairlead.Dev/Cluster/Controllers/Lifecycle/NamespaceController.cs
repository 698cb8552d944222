using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.BuiltIns.Rules;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Controllers.Lifecycle;

/// <summary>Empties namespaces that are being deleted, then lets them go.</summary>
internal sealed class NamespaceController : Controller
{
    private readonly ServedTypes _types;

    public NamespaceController(ClusterView view, ServedTypes types)
        : base(view)
    {
        _types = types;
        LookAt("", "namespaces");
        types.Added += Watch;
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("", "namespaces").Get("", id.Name) is not { } ns || !IsTerminating(ns))
            return;

        var isEmpty = true;
        foreach (var type in _types.All.Where(t => t.Namespaced))
        {
            foreach (var obj in Contents(type, id.Name))
            {
                if (obj.Object("metadata")?["deletionTimestamp"] is null)
                    View.Delete(type.Group, type.Plural, obj);
                isEmpty &= View.Api.Get(type.Group, type.Plural, id.Name, obj.Name()) is null;
            }
        }

        if (!isEmpty || !ns.Object("spec").Texts("finalizers").Contains(NamespaceRules.Finalizer))
            return;
        var changed = (JsonObject)ns.DeepClone();
        var left = ns.Object("spec").Texts("finalizers").Where(f => f != NamespaceRules.Finalizer).Select(f => (JsonNode)f).ToArray();
        if (left.Length > 0)
            changed.Ensure("spec")["finalizers"] = new JsonArray(left);
        else
            changed.Ensure("spec").Remove("finalizers");
        View.Update("", "namespaces", null, changed, "finalize");
    }

    private static bool IsTerminating(JsonObject ns) => ns.Object("metadata")?["deletionTimestamp"] is not null;

    private IReadOnlyList<JsonObject> Contents(ResourceDefinition type, string ns)
    {
        try
        {
            return View.Api.List(type.Group, type.Plural, ns);
        }
        catch (ApiStatusException e) when (e.Code == 404)
        {
            // A custom type that has gone meanwhile took its objects along.
            return [];
        }
    }

    private void Watch(ResourceDefinition type)
    {
        if (!type.Namespaced)
            return;
        View.Cache(type.Group, type.Plural).Changed += (id, _, after) =>
        {
            if (after is null && View.Cache("", "namespaces").Get("", id.Namespace) is { } ns && IsTerminating(ns))
                Queue.Add(new ObjectId("", "namespaces", "", id.Namespace));
        };
    }
}
