using System.Collections.Frozen;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>Fields of a message by number.</summary>
internal sealed class ProtobufMessage(string name, IEnumerable<(int Number, ProtobufField Field)> fields)
{
    private readonly FrozenDictionary<int, ProtobufField> _fields = fields.ToFrozenDictionary(f => f.Number, f => f.Field);

    public string Name => name;

    public ProtobufField? Find(int number) => _fields.GetValueOrDefault(number);
}
