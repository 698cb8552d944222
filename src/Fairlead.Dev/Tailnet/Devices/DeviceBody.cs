using Fairlead.Dev.Tailnet.Coordination.Routes;

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

    public DateTimeOffset? Expires { get; init; }

    public bool? ConnectedToControl { get; init; }

    /// <summary>Absent while it is connected.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    public string? MachineKey { get; init; }

    public string? NodeKey { get; init; }

    public string? Os { get; init; }

    public string? ClientVersion { get; init; }

    public bool? BlocksIncomingConnections { get; init; }

    public bool? UpdateAvailable { get; init; }

    /// <summary>With <c>fields=all</c> only, as all below.</summary>
    public IReadOnlyList<string>? AdvertisedRoutes { get; init; }

    public IReadOnlyList<string>? EnabledRoutes { get; init; }

    public bool? SshEnabled { get; init; }

    public ClientConnectivityBody? ClientConnectivity { get; init; }

    /// <param name="routes">What it advertises and may serve; null leaves out what only <c>fields=all</c> gives.</param>
    public static DeviceBody Of(TailnetDevice device, DeviceRoutes? routes) => new()
    {
        Id = device.Id,
        NodeId = device.NodeId,
        Name = device.Name,
        Hostname = device.Hostname,
        Addresses = device.Addresses,
        Tags = device.Tags,
        User = device.User,
        Authorized = device.Authorized,
        IsEphemeral = device.Ephemeral,
        KeyExpiryDisabled = device.IsTagged || (device.Node is not null && device.KeyExpiry is null),
        Created = device.Created,
        Expires = device.KeyExpiry,
        ConnectedToControl = device.Node?.Online,
        LastSeen = device.Node?.LastSeen,
        MachineKey = device.Node?.MachineKey.ToString(),
        NodeKey = device.Node?.NodeKey.ToString(),
        Os = device.Node?.Hostinfo.OS,
        ClientVersion = device.Node?.Hostinfo.IPNVersion,
        BlocksIncomingConnections = device.Node?.Hostinfo.ShieldsUp,
        UpdateAvailable = device.Node is null ? null : false,
        AdvertisedRoutes = routes?.Advertised.Select(route => route.ToString()).ToList(),
        EnabledRoutes = routes?.Enabled.Select(route => route.ToString()).ToList(),
        SshEnabled = routes is null ? null : device.Node?.Hostinfo.SshHostKeys.Count > 0,
        ClientConnectivity = routes is null || device.Node is null ? null : ClientConnectivityBody.Of(device.Node),
    };
}
