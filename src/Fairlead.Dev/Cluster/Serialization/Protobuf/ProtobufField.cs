namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>One field of a message: its JSON name and type.</summary>
internal sealed record ProtobufField(string Name, ProtobufFieldType Type)
{
    /// <summary>Type of a <see cref="ProtobufFieldType.Message"/>.</summary>
    public string? MessageName { get; init; }

    public bool Repeated { get; init; }

    /// <summary>Zero and empty values count. Fields without presence are sent even so, and JSON leaves them out.</summary>
    public bool KeepsEmpty { get; init; }

    /// <summary>The message's fields show as the holder's own.</summary>
    public bool Inline { get; init; }
}
