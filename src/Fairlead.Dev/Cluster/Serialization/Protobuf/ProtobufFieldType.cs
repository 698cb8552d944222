namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>How a field's bytes become JSON.</summary>
internal enum ProtobufFieldType
{
    Text,
    Bytes,
    Integer,
    Flag,
    Time,
    Message,
    TextMap,
    BytesMap,
}
