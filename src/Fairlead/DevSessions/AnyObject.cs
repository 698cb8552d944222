using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.DevSessions;

/// <summary>An object of a type that is known only by its manifest; everything but the metadata is kept as it is.</summary>
internal sealed record AnyObject : KubernetesObject;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AnyObject))]
internal sealed partial class AnyObjectJson : JsonSerializerContext;
