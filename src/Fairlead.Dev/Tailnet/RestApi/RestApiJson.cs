using System.Text.Json.Serialization;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.Services;
using Fairlead.Dev.Tailnet.Settings;

namespace Fairlead.Dev.Tailnet.RestApi;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(CreateKeyBody))]
[JsonSerializable(typeof(KeyBody))]
[JsonSerializable(typeof(KeyListBody))]
[JsonSerializable(typeof(DeviceBody))]
[JsonSerializable(typeof(DeviceListBody))]
[JsonSerializable(typeof(DeviceAuthorizedBody))]
[JsonSerializable(typeof(DeviceNameBody))]
[JsonSerializable(typeof(DeviceTagsBody))]
[JsonSerializable(typeof(DeviceKeyBody))]
[JsonSerializable(typeof(DeviceRoutesRequestBody))]
[JsonSerializable(typeof(DeviceRoutesBody))]
[JsonSerializable(typeof(VipServiceBody))]
[JsonSerializable(typeof(VipServiceListBody))]
[JsonSerializable(typeof(ServiceHostListBody))]
[JsonSerializable(typeof(ServiceApprovalBody))]
[JsonSerializable(typeof(SettingsBody))]
[JsonSerializable(typeof(PolicyDetailsBody))]
internal sealed partial class RestApiJson : JsonSerializerContext;
