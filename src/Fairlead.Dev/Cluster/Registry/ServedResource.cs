using System.Text;
using System.Text.Json;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Registry;

/// <summary>A definition with what answering for it needs again and again.</summary>
internal sealed class ServedResource
{
    public ServedResource(ResourceDefinition definition)
    {
        Definition = definition;
        ListKind = definition.ListKind ?? definition.Kind + "List";
        TypeMembers = Encoding.UTF8.GetBytes(
            $"\"kind\":{Quote(definition.Kind)},\"apiVersion\":{Quote(definition.ApiVersion)},");
    }

    public ResourceDefinition Definition { get; }

    public string ListKind { get; }

    /// <summary><c>"kind":…,"apiVersion":…,</c>: what precedes a stored object's body.</summary>
    public ReadOnlyMemory<byte> TypeMembers { get; }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
