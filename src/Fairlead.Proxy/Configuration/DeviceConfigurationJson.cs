using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Configuration;

[JsonSourceGenerationOptions(
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DeviceConfigurationFile))]
internal sealed partial class DeviceConfigurationJson : JsonSerializerContext;
