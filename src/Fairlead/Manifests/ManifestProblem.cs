using Fairlead.Kubernetes.Yaml;

namespace Fairlead.Manifests;

/// <summary>Something wrong in a file. Shown as <c>file:line:column: object: field: what is wrong; remedy</c>.</summary>
/// <param name="Object"><c>Service argocd/argocd-server</c>; empty where there is no object yet.</param>
/// <param name="Field">Path; empty for the object as a whole.</param>
internal sealed record ManifestProblem(SourcePosition Position, string Object, string Field, string Text)
{
    public override string ToString() =>
        string.Join(": ", new[] { Position.ToString(), Object, Field, Text }.Where(part => part.Length > 0));
}
