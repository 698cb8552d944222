using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>What the policy sees of a device.</summary>
internal sealed record PolicyNode
{
    /// <summary>Login name of its owner; empty for a tagged device.</summary>
    public string User { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required IReadOnlyList<IPPrefix> Addresses { get; init; }

    /// <summary>The subnet routes it may serve, without exit routes.</summary>
    public IReadOnlyList<IPPrefix> Routes { get; init; } = [];

    /// <summary>May it serve the default routes?</summary>
    public bool IsExitNode { get; init; }

    /// <summary>Names of the services it may serve.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    public bool IsTagged => Tags.Count > 0;

    /// <summary>Is one of its own addresses in the prefix?</summary>
    public bool HasAddressIn(IPPrefix prefix) => AnyOverlaps(Addresses, prefix);

    /// <summary>Does it serve a part of the prefix?</summary>
    public bool RoutesTo(IPPrefix prefix) => AnyOverlaps(Routes, prefix);

    private static bool AnyOverlaps(IReadOnlyList<IPPrefix> own, IPPrefix prefix)
    {
        // By index: it runs for each pair of devices and rules, and an enumerator would be an object each time.
        for (var i = 0; i < own.Count; i++)
        {
            if (own[i].Overlaps(prefix)) return true;
        }
        return false;
    }
}
