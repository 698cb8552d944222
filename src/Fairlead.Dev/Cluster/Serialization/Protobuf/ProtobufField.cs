namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>One field of a message: its JSON name and type.</summary>
/// <param name="Message">Type of a <see cref="ProtobufFieldType.Message"/>.</param>
internal sealed record ProtobufField(
    string Name, ProtobufFieldType Type = ProtobufFieldType.Text, bool Repeated = false, ProtobufMessage? Message = null);
