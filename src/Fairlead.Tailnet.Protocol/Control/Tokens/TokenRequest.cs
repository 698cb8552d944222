using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Tokens;

/// <summary>Body of <c>POST /machine/id-token</c>: asks for a signed statement of who the node is.</summary>
public sealed record TokenRequest
{
    /// <summary>See <see cref="CapabilityVersion"/>.</summary>
    public int CapVersion { get; init; }

    public NodePublicKey NodeKey { get; init; }

    public string Audience { get; init => field = value ?? ""; } = "";
}
