using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Kubernetes.Resources;

/// <summary>A part of an object. Members its type does not know survive a read-modify-write.</summary>
public abstract record ExtensibleRecord
{
    /// <summary>
    /// Members this type does not know; null when there are none. Never change the dictionary of an object that others may hold:
    /// copies made with <c>with</c> share it.
    /// </summary>
    [JsonExtensionData]
    [JsonPropertyOrder(1)]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
