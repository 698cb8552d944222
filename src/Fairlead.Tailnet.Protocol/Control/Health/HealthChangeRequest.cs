using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Control.Health;

/// <summary>Body of <c>POST /machine/update-health</c>, which current clients no longer send.</summary>
public sealed record HealthChangeRequest
{
    public string Subsys { get; init => field = value ?? ""; } = "";

    /// <summary>Empty for healthy.</summary>
    public string Error { get; init => field = value ?? ""; } = "";

    public NodePublicKey NodeKey { get; init; }
}
