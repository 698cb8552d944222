using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Controllers.StatefulSets;

/// <summary>The revision that Pods had before the latest change of the template, and the one they shall have.</summary>
internal sealed record RevisionPair(JsonObject Current, JsonObject Update)
{
    /// <summary>The revision for a Pod: those below the partition keep the former one.</summary>
    public JsonObject For(JsonObject? spec, long index) =>
        index < (spec.Object("updateStrategy").Object("rollingUpdate").Integer("partition") ?? 0) ? Current : Update;
}
