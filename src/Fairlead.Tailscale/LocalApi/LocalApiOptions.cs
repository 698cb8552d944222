namespace Fairlead.Tailscale.LocalApi;

/// <summary>Where a tailscaled answers.</summary>
public sealed record LocalApiOptions
{
    /// <summary>Path of its unix socket.</summary>
    public required string Socket { get; init; }

    /// <summary>Bounds a call with its whole answer; a watch, a certificate and a ping have their own limits.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
