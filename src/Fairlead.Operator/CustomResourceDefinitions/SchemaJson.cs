using System.Text.Json;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>Values in the places where a schema allows any JSON.</summary>
internal static class SchemaJson
{
    public static JsonElement Flag(bool value) => JsonSerializer.SerializeToElement(value, KubernetesJsonContext.Default.Boolean);

    public static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text, KubernetesJsonContext.Default.String);
}
