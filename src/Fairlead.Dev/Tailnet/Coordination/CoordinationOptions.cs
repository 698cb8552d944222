using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Coordination;

/// <summary>How the coordination server runs; vary them with <c>with</c>.</summary>
public sealed record CoordinationOptions
{
    /// <summary>Login name of the user who owns the tailnet, and every node whose approval names nobody else.</summary>
    public string Owner { get; init; } = "owner@embedded.example";

    /// <summary>What the server proves itself with; null for a new key. Stays the caller's.</summary>
    public MachinePrivateKey? Key { get; init; }

    /// <summary>
    /// Changes within this time after a change went out are sent together: with many nodes, one message of many changes costs
    /// little more than one of one. The first change after a quiet time goes out at once. With more than 100 streams the time grows in
    /// proportion to them. Zero sends each change as soon as the stream can.
    /// </summary>
    public TimeSpan DeltaWindow { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a node that lost its map stream still counts as online.</summary>
    public TimeSpan OfflineGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an ephemeral node may be offline before it is removed.</summary>
    public TimeSpan EphemeralGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a node that lost its map stream may go on where it was, instead of being told everything anew. Zero for not at all.</summary>
    public TimeSpan MapSessionRetention { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Silence after which a map stream gets a sign of life. Clients give up after 120 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>How long a node may take to answer a call of the server.</summary>
    public TimeSpan NodeCallTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
