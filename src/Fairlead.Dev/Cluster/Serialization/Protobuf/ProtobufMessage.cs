using System.Collections.Frozen;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>Fields of a message by number.</summary>
internal sealed class ProtobufMessage(params IEnumerable<(int Number, ProtobufField Field)> fields)
{
    private readonly FrozenDictionary<int, ProtobufField> _fields = fields.ToFrozenDictionary(f => f.Number, f => f.Field);

    public ProtobufField? Find(int number) => _fields.GetValueOrDefault(number);
}
