using System.Text.Json.Serialization;
using Fairlead.Operator.Resources.Connectors;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.Resources.ProxyGroupPolicies;
using Fairlead.Operator.Resources.ProxyGroups;
using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.Resources;

/// <summary>Source-generated serialisation of the <c>tailscale.com</c> types.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Connector))]
[JsonSerializable(typeof(ProxyClass))]
[JsonSerializable(typeof(ProxyGroup))]
[JsonSerializable(typeof(ProxyGroupPolicy))]
[JsonSerializable(typeof(Tailnet))]
public sealed partial class TailscaleJsonContext : JsonSerializerContext;
