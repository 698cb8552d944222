namespace Fairlead.Tailscale.LocalApi;

/// <summary>The part of a notification's network map that a status does not tell.</summary>
public sealed record NotifyNetworkMap
{
    public DnsConfiguration? DNS { get; init; }
}
