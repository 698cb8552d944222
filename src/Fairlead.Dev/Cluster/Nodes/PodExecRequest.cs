using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>A command to run in a container.</summary>
/// <param name="Container">Null: the Pod's only container.</param>
public sealed record PodExecRequest(string Namespace, string Pod, string? Container, ImmutableArray<string> Command);
