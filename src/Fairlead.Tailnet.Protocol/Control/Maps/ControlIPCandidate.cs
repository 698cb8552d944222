using System.Net;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>One place to try.</summary>
public sealed record ControlIPCandidate
{
    public IPAddress? IP { get; init; }

    /// <summary>Relay to go through to it; empty for none.</summary>
    public string ACEHost { get; init => field = value ?? ""; } = "";

    public double DialStartDelaySec { get; init; }

    public double DialTimeoutSec { get; init; }

    /// <summary>Of those that answer, the one of highest priority is used.</summary>
    public int Priority { get; init; }
}
