using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Discovery;

/// <summary>A subresource as discovery tells it.</summary>
internal sealed record Subresource(string Name, string ApiVersion, string Kind, ImmutableArray<string> Verbs)
{
    private static readonly ImmutableArray<string> ReadWrite = ["get", "patch", "update"];

    public string Group => ApiVersion.Contains('/') ? ApiVersion[..ApiVersion.IndexOf('/', StringComparison.Ordinal)] : "";

    public string Version => ApiVersion[(ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];

    public static IEnumerable<Subresource> Of(ResourceDefinition definition)
    {
        if (definition is { Group: "", Plural: "namespaces" })
            yield return new Subresource("finalize", definition.ApiVersion, definition.Kind, ["update"]);
        if (definition is { Group: "", Plural: "pods" })
        {
            yield return new Subresource("exec", definition.ApiVersion, "PodExecOptions", ["create", "get"]);
            yield return new Subresource("log", definition.ApiVersion, definition.Kind, ["get"]);
        }

        if (definition.Scale is not null)
            yield return new Subresource("scale", "autoscaling/v1", "Scale", ReadWrite);
        if (definition.HasStatus)
            yield return new Subresource("status", definition.ApiVersion, definition.Kind, ReadWrite);
        foreach (var action in definition.Actions)
            yield return new Subresource(action.Name, action.ApiVersion, action.Kind, ["create"]);
    }
}
