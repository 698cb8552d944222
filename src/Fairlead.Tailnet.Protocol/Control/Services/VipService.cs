using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Services;

/// <summary>A Tailscale Service as one of its hosts sees it.</summary>
public sealed record VipService
{
    /// <summary><c>svc:</c> and a DNS label.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Ports the host serves; empty if it does not know.</summary>
    public IReadOnlyList<ProtoPortRange> Ports { get; init => field = WireList.Of(value); } = [];

    /// <summary>Whether the host offers it now.</summary>
    public bool Active { get; init; }
}
