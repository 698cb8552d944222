using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Nodes;

/// <summary>Who is at an address of the tailnet.</summary>
/// <param name="Node">The node.</param>
/// <param name="User">Its owner; null if the server did not tell. A tagged node has none: what stands here names the node itself.</param>
/// <param name="Capabilities">What it may do here, by capability: JSON values of all grants that match.</param>
public sealed record TailnetIdentity(Node Node, UserProfile? User, IReadOnlyDictionary<string, IReadOnlyList<string>> Capabilities)
{
    /// <summary>The values of a capability; empty if it is not granted, or granted without values.</summary>
    /// <exception cref="JsonException">A value is not of this form.</exception>
    public IReadOnlyList<T> ValuesOf<T>(string capability, JsonTypeInfo<T> type) =>
        [.. Capabilities.GetValueOrDefault(capability, []).Select(value => JsonSerializer.Deserialize(value, type)!)];
}
