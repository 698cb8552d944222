using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Quotas;

/// <summary>Tells in the status of ResourceQuotas how much of them is used.</summary>
internal sealed class ResourceQuotaController : Controller
{
    private readonly ConcurrentDictionary<(string Group, string Plural), bool> _counted = [];

    public ResourceQuotaController(ClusterView view)
        : base(view) => LookAt("", "resourcequotas");

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("", "resourcequotas").Get(id.Namespace, id.Name) is not { } quota)
            return;

        var hard = quota.Object("spec").Object("hard") ?? [];
        var used = new JsonObject();
        foreach (var (name, _) in hard)
        {
            if (QuotaResource.Parse(name) is not { } counted)
                continue;
            if (_counted.TryAdd((counted.Group, counted.Plural), true))
                View.Cache(counted.Group, counted.Plural).Changed += (changed, _, _) => LookAtQuotas(changed.Namespace);
            used[name] = Quantity.Of(View.Cache(counted.Group, counted.Plural).InNamespace(id.Namespace).Count(counted.Counts)).ToString();
        }

        View.UpdateStatus("", "resourcequotas", quota, new JsonObject { ["hard"] = hard.DeepClone(), ["used"] = used });
    }

    private void LookAtQuotas(string ns)
    {
        foreach (var quota in View.Cache("", "resourcequotas").InNamespace(ns))
            Queue.Add(View.Cache("", "resourcequotas").IdOf(quota));
    }
}
