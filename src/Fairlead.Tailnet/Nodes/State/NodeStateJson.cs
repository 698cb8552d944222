using System.Text.Json.Serialization;

namespace Fairlead.Tailnet.Nodes.State;

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, byte[]>))]
internal sealed partial class NodeStateJson : JsonSerializerContext;
