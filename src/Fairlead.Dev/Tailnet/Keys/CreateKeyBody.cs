namespace Fairlead.Dev.Tailnet.Keys;

internal sealed record CreateKeyBody
{
    public string? KeyType { get; init; }

    public string? Description { get; init; }

    public long? ExpirySeconds { get; init; }

    public KeyCapabilitiesBody? Capabilities { get; init; }
}
