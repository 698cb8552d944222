namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>How a field's bytes become JSON.</summary>
internal enum ProtobufFieldType
{
    Message,
    Text,
    Bytes,
    Integer,
    Flag,
    Time,
    Quantity,
    IntegerOrText,
    TextMap,
    BytesMap,
    QuantityMap,
    Ignored,
}
