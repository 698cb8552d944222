using System.Text.Json.Serialization;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.Resources;

/// <summary>Source-generated serialisation of the <c>tailscale.com</c> types.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProxyClass))]
public sealed partial class TailscaleJsonContext : JsonSerializerContext;
