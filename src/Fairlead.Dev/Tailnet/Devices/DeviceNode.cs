using System.Net;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>The node behind a device, as the coordination server knows it at one moment.</summary>
public sealed record DeviceNode
{
    public required MachinePublicKey MachineKey { get; init; }

    public required NodePublicKey NodeKey { get; init; }

    /// <summary>Zero until the node told it.</summary>
    public DiscoPublicKey DiscoKey { get; init; }

    /// <summary>Version of the control protocol it speaks.</summary>
    public int CapabilityVersion { get; init; }

    public required Hostinfo Hostinfo { get; init; }

    public IReadOnlyList<IPEndPoint> Endpoints { get; init; } = [];

    /// <summary>Has it a map stream, or lost it so short a time ago that it may come back?</summary>
    public bool Online { get; init; }

    /// <summary>When it was last connected; null while it is, or never was.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Names of the services it offers to host now.</summary>
    public IReadOnlyList<string> AdvertisedServices { get; init; } = [];

    /// <summary>Names of the services it is set up to serve, offered or not.</summary>
    public IReadOnlyList<string> ServedServices { get; init; } = [];

    /// <summary>What <see cref="AdvertisedServices"/> answers to: the node's own hash of them.</summary>
    public string ServicesHash { get; init; } = "";

    /// <summary>Routes that were approved (true) or refused by hand; for others the policy's autoApprovers decide.</summary>
    public IReadOnlyDictionary<IPPrefix, bool> RouteDecisions { get; init; } = new Dictionary<IPPrefix, bool>();

    /// <summary>Services that were approved (true) or refused by hand; for others the policy's autoApprovers decide.</summary>
    public IReadOnlyDictionary<string, bool> ServiceDecisions { get; init; } = new Dictionary<string, bool>();
}
