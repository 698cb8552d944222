using System.Net;

namespace Fairlead.Tailnet.Nodes;

/// <summary>What a running node can be asked to change: see <see cref="TailnetNode.Use"/>.</summary>
public sealed record TailnetNodePreferences
{
    /// <inheritdoc cref="TailnetNodeOptions.Hostname"/>
    public string Hostname { get; init; } = "";

    /// <inheritdoc cref="TailnetNodeOptions.AdvertiseRoutes"/>
    public IReadOnlyList<IPNetwork> AdvertiseRoutes { get; init; } = [];

    /// <inheritdoc cref="TailnetNodeOptions.AdvertiseExitNode"/>
    public bool AdvertiseExitNode { get; init; }

    /// <inheritdoc cref="TailnetNodeOptions.AdvertiseServices"/>
    public IReadOnlyList<string> AdvertiseServices { get; init; } = [];

    /// <inheritdoc cref="TailnetNodeOptions.StaticEndpoints"/>
    public IReadOnlyList<IPEndPoint> StaticEndpoints { get; init; } = [];

    /// <summary>Those that a node begins with.</summary>
    public static TailnetNodePreferences Of(TailnetNodeOptions options) => new()
    {
        Hostname = options.Hostname,
        AdvertiseRoutes = options.AdvertiseRoutes,
        AdvertiseExitNode = options.AdvertiseExitNode,
        AdvertiseServices = options.AdvertiseServices,
        StaticEndpoints = options.StaticEndpoints,
    };
}
