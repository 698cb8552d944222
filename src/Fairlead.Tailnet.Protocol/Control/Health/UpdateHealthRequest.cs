using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Health;

/// <summary>Body of <c>POST /machine/update-health</c>: how a part of the node is.</summary>
public sealed record UpdateHealthRequest
{
    /// <summary>The part.</summary>
    public string Subsys { get; init => field = value ?? ""; } = "";

    /// <summary>What is wrong with it; empty for nothing.</summary>
    public string Error { get; init => field = value ?? ""; } = "";

    public NodePublicKey NodeKey { get; init; }
}
