namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>What a relay has done so far.</summary>
public sealed record RelayCounters
{
    /// <summary>Clients that are connected now.</summary>
    public int Clients { get; init; }

    /// <summary>Clients that ever connected, each connection counted.</summary>
    public long Connections { get; init; }

    /// <summary>Packets handed to a connected client's queue.</summary>
    public long PacketsRelayed { get; init; }

    /// <summary>Their bytes, keys and frames not counted.</summary>
    public long BytesRelayed { get; init; }

    /// <summary>Packets that gave way to newer ones because their reader was slow.</summary>
    public long PacketsOverrun { get; init; }

    /// <summary>Packets lost on purpose.</summary>
    public long PacketsFaulted { get; init; }

    /// <summary>Packets for nodes that are not connected.</summary>
    public long PacketsUndeliverable { get; init; }

    public long StunRequests { get; init; }
}
