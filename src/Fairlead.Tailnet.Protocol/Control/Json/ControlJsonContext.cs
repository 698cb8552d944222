using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Features;
using Fairlead.Tailnet.Protocol.Control.Health;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Pings;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Control.Services;
using Fairlead.Tailnet.Protocol.Control.Tokens;

namespace Fairlead.Tailnet.Protocol.Control.Json;

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters = [typeof(TimeConverter), typeof(IPAddressConverter), typeof(IPEndPointConverter)])]
[JsonSerializable(typeof(ControlKeys))]
[JsonSerializable(typeof(EarlyNoise))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(RegisterResponse))]
[JsonSerializable(typeof(MapRequest))]
[JsonSerializable(typeof(MapResponse))]
[JsonSerializable(typeof(PingResponse))]
[JsonSerializable(typeof(SetDnsRequest))]
[JsonSerializable(typeof(SetDnsResponse))]
[JsonSerializable(typeof(UpdateHealthRequest))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(QueryFeatureRequest))]
[JsonSerializable(typeof(QueryFeatureResponse))]
[JsonSerializable(typeof(VipServicesResponse))]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<string>>))]
internal sealed partial class ControlJsonContext : JsonSerializerContext;
