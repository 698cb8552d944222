using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Resources;

/// <summary>A subresource that accepts POST only.</summary>
/// <param name="Name">Path segment, for example <c>token</c>.</param>
/// <param name="ApiVersion">Group and version of request and answer.</param>
/// <param name="Kind">Kind of request and answer.</param>
/// <param name="Handle">Computes the answer; failures are <see cref="Api.ApiStatusException"/>.</param>
public sealed record ActionSubresource(string Name, string ApiVersion, string Kind, Func<ActionRequest, JsonObject> Handle);
