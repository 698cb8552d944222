namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>A device in answers.</summary>
internal sealed record DeviceBody
{
    public required string Id { get; init; }

    public required string NodeId { get; init; }

    public required string Name { get; init; }

    public required string Hostname { get; init; }

    public required IReadOnlyList<string> Addresses { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required string User { get; init; }

    public required bool Authorized { get; init; }

    public required bool IsEphemeral { get; init; }

    public bool IsExternal { get; init; }

    public required bool KeyExpiryDisabled { get; init; }

    public required DateTimeOffset Created { get; init; }

    public static DeviceBody Of(TailnetDevice device) => new()
    {
        Id = device.Id,
        NodeId = device.NodeId,
        Name = device.Name,
        Hostname = device.Hostname,
        Addresses = device.Addresses,
        Tags = device.Tags,
        User = "",
        Authorized = device.Authorized,
        IsEphemeral = device.Ephemeral,
        // Node keys of tagged devices do not expire.
        KeyExpiryDisabled = device.Tags.Count > 0,
        Created = device.Created,
    };
}
