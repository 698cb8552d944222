using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Features;

/// <summary>Body of <c>POST /machine/feature/query</c>: asks how to switch a feature of the tailnet on.</summary>
public sealed record QueryFeatureRequest
{
    public string Feature { get; init => field = value ?? ""; } = "";

    public NodePublicKey NodeKey { get; init; }
}
