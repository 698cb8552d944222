namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>The counters while they run. Fields, because they are counted up atomically.</summary>
internal sealed class RelayTally
{
    public long Connections;
    public long PacketsRelayed;
    public long BytesRelayed;
    public long PacketsOverrun;
    public long PacketsFaulted;
    public long PacketsUndeliverable;
    public long StunRequests;

    public RelayCounters Snapshot(int clients) => new()
    {
        Clients = clients,
        Connections = Volatile.Read(ref Connections),
        PacketsRelayed = Volatile.Read(ref PacketsRelayed),
        BytesRelayed = Volatile.Read(ref BytesRelayed),
        PacketsOverrun = Volatile.Read(ref PacketsOverrun),
        PacketsFaulted = Volatile.Read(ref PacketsFaulted),
        PacketsUndeliverable = Volatile.Read(ref PacketsUndeliverable),
        StunRequests = Volatile.Read(ref StunRequests),
    };
}
