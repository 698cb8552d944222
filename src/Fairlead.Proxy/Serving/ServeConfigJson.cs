using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Serving;

[JsonSerializable(typeof(ServeConfig))]
internal sealed partial class ServeConfigJson : JsonSerializerContext;
