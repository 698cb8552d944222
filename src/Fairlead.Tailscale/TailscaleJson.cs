using System.Text.Json.Serialization;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Devices;
using Fairlead.Tailscale.Keys;
using Fairlead.Tailscale.Services;
using Fairlead.Tailscale.Settings;

namespace Fairlead.Tailscale;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(CreateKeyBody))]
[JsonSerializable(typeof(AuthKey))]
[JsonSerializable(typeof(TailnetKey))]
[JsonSerializable(typeof(KeyList))]
[JsonSerializable(typeof(Device))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(VipService))]
[JsonSerializable(typeof(VipServiceList))]
[JsonSerializable(typeof(TailnetSettings))]
internal sealed partial class TailscaleJson : JsonSerializerContext;
