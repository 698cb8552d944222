using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>One server asked, and what it answered.</summary>
internal sealed class StunProbe(int region, UdpAddress server)
{
    public int Region { get; } = region;

    public UdpAddress Server { get; } = server;

    /// <summary>Round trip of the request that was answered; null before an answer.</summary>
    public TimeSpan? Latency { get; set; }

    /// <summary>Where the server saw us.</summary>
    public UdpAddress Mapped { get; set; }
}
