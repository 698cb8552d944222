using System.Text.Json.Serialization;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.GroupServices.Ingress;

namespace Fairlead.Proxy.GroupServices;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, EgressServiceEntry>))]
[JsonSerializable(typeof(EgressServicesStatus))]
[JsonSerializable(typeof(Dictionary<string, IngressServiceEntry>))]
[JsonSerializable(typeof(IngressServicesStatus))]
internal sealed partial class GroupServicesJson : JsonSerializerContext;
