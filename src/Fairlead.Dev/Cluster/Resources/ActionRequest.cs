using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster.Resources;

/// <summary>One POST that is computed and not stored.</summary>
/// <param name="User">Who asks.</param>
/// <param name="Namespace">Namespace in the path, or null.</param>
/// <param name="Name">Name of the object whose subresource it is, or null.</param>
/// <param name="Body">The request's object; the handler may change and return it.</param>
public sealed record ActionRequest(UserInfo User, string? Namespace, string? Name, JsonObject Body, bool DryRun = false);
