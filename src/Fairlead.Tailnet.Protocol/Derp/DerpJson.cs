using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Protocol.Derp;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(DerpClientInfo))]
[JsonSerializable(typeof(DerpServerInfo))]
internal sealed partial class DerpJson : JsonSerializerContext;
