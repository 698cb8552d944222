using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.StatefulSets;

/// <summary>Keeps the past templates of StatefulSets as ControllerRevisions.</summary>
internal sealed class StatefulSetRevisions(ClusterView view)
{
    private const string Plural = "controllerrevisions";

    /// <summary>Current and update revision; the latter is made when the template is new.</summary>
    public RevisionPair For(JsonObject set)
    {
        var known = view.Cache("apps", Plural).OwnedBy(set.Uid()).OrderBy(Number).ToList();
        var data = Data(set);
        var newest = known.Count == 0 ? 0 : Number(known[^1]);
        var update = known.LastOrDefault(r => JsonNode.DeepEquals(r["data"], data));
        if (update is null)
            update = Create(set, data, newest + 1);
        else if (Number(update) < newest)
            update = Renumber(update, newest + 1);

        var currentName = set.Object("status").Text("currentRevision");
        return new RevisionPair(known.Find(r => r.Name() == currentName) ?? update, update);
    }

    /// <summary>Deletes the oldest revisions that no Pod has, beyond the limit.</summary>
    public void Trim(JsonObject set, RevisionPair live, IEnumerable<JsonObject> pods)
    {
        var used = pods.Select(p => p.Object("metadata").Object("labels").Text(StatefulSetPods.RevisionLabel))
            .Append(live.Current.Name()).Append(live.Update.Name()).ToHashSet();
        var past = view.Cache("apps", Plural).OwnedBy(set.Uid()).Where(r => !used.Contains(r.Name())).OrderBy(Number).ToList();
        var limit = (int)(set.Object("spec").Integer("revisionHistoryLimit") ?? 10);
        foreach (var revision in past.Take(Math.Max(0, past.Count - limit)))
            view.Delete("apps", Plural, revision);
    }

    private static long Number(JsonObject revision) => revision.Integer("revision") ?? 0;

    private static JsonObject Data(JsonObject set)
    {
        var template = (JsonObject)(set.Object("spec").Object("template") ?? []).DeepClone();
        template["$patch"] = "replace";
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = template } };
    }

    private JsonObject Create(JsonObject set, JsonObject data, long number)
    {
        for (var collisions = 0; ; collisions++)
        {
            var hash = TemplateHash.Of(data, collisions);
            var labels = (set.Object("spec").Object("template").Object("metadata").Object("labels") ?? []).DeepClone();
            labels["controller.kubernetes.io/hash"] = hash;
            var revision = new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "ControllerRevision",
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{set.Name()}-{hash}",
                    ["namespace"] = set.Namespace(),
                    ["labels"] = labels,
                    ["ownerReferences"] = OwnerReferences.To(set),
                },
                ["data"] = data.DeepClone(),
                ["revision"] = number,
            };
            if (view.Create("apps", Plural, set.Namespace(), revision) is { } created)
                return created;

            // The name is taken: by this very revision, seen late, or by a foreign one with the same hash.
            var existing = view.Api.Get("apps", Plural, set.Namespace(), $"{set.Name()}-{hash}");
            if (existing is not null && OwnerReferences.Controller(existing)?.Uid == set.Uid() && JsonNode.DeepEquals(existing["data"], data))
                return existing;
        }
    }

    private JsonObject Renumber(JsonObject revision, long number)
    {
        var changed = (JsonObject)revision.DeepClone();
        changed["revision"] = number;
        return view.Update("apps", Plural, revision.Namespace(), changed);
    }
}
