using Fairlead.Dev.Tailnet.Coordination.Maps;
using Fairlead.Dev.Tailnet.Coordination.Transport;
using Fairlead.Dev.Tailnet.Devices;

namespace Fairlead.Dev.Tailnet.Coordination.Faults;

/// <summary>What can go wrong between nodes and the coordination server, on purpose.</summary>
public sealed class CoordinationFaults
{
    private readonly NodePresence _presence;
    private readonly MapSessions _sessions;
    private readonly NoiseListener _listener;
    private readonly MapFaults _maps;
    private readonly DeviceRegistry _devices;

    internal CoordinationFaults(NodePresence presence, MapSessions sessions, NoiseListener listener, MapFaults maps, DeviceRegistry devices)
    {
        _presence = presence;
        _sessions = sessions;
        _listener = listener;
        _maps = maps;
        _devices = devices;
    }

    /// <summary>Waited for before each message of each map stream.</summary>
    public TimeSpan MapDelay
    {
        get => _maps.Delay;
        set => _maps.Delay = value;
    }

    /// <summary>Holds back all map messages, signs of life included, until <see cref="ReleaseMaps"/>.</summary>
    public void HoldMaps() => _maps.Hold(true);

    public void ReleaseMaps() => _maps.Hold(false);

    /// <summary>Ends map streams in an orderly way. Nodes ask to go on where they were, unless <see cref="ForgetMapSessions"/> came in between.</summary>
    /// <param name="nodeId">Stable id of the node; null for all.</param>
    public void DropMapStreams(string? nodeId = null)
    {
        foreach (var stream in _presence.Snapshot().Where(stream => nodeId is null || stream.NodeId == nodeId)) stream.End();
    }

    /// <summary>Forgets what nodes were told: whoever asks to go on with that gets the whole map, as from another server.</summary>
    public void ForgetMapSessions() => _sessions.Forget();

    /// <summary>Cuts encrypted channels, with all that is under way in them.</summary>
    /// <param name="nodeId">Stable id of the node; null for all.</param>
    public void SeverConnections(string? nodeId = null)
    {
        var machine = nodeId is null ? default : _devices.Find(nodeId)?.Node?.MachineKey;
        foreach (var connection in _listener.Open.Where(connection => nodeId is null || connection.Machine.Machine == machine)) connection.Abort();
    }

    /// <summary>Sends bytes that are no map message down the node's stream: the length in front, too, is the caller's to lie about.</summary>
    /// <returns>False if the node has no stream.</returns>
    public bool SendGarbage(string nodeId, ReadOnlyMemory<byte> bytes)
    {
        var stream = _presence.Find(nodeId);
        stream?.SendFrame(bytes.ToArray());
        return stream is not null;
    }
}
