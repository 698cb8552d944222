using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>
/// What the server has told, and where in its telling it is: across streams, where the server offers to go on from where one broke off.
/// Not thread-safe.
/// </summary>
internal sealed class MapSession
{
    /// <summary>About 400 MiB. Changes that could have grown a map beyond are forgotten by a new session, which begins with the whole map.</summary>
    private const long MaxWeight = 12_000_000;

    // Empty unless the newest map is what the session of this handle has come to.
    private string _handle = "";
    private string _offered = "";
    private long _seq;
    private long _weight;
    private NetworkMap? _newest;

    /// <summary>As the present stream tells it; null before its first map.</summary>
    public NetworkMap? Map { get; private set; }

    /// <summary>Whether the present stream has brought anything.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins a stream, and asks to go on with the session if there is one.</summary>
    public MapRequest Ask(MapRequest request)
    {
        Map = null;
        HasBegun = false;
        return _handle.Length == 0 ? request : request with { MapSessionHandle = _handle, MapSessionSeq = _seq };
    }

    /// <summary>Takes the stream's next message.</summary>
    /// <param name="weight">What it takes in memory, in units of some 32 bytes.</param>
    /// <exception cref="NetworkMapException">It makes no map, or the session has carried more than any map takes.</exception>
    public void Take(MapResponse message, long weight, DateTimeOffset now)
    {
        if (!HasBegun) Begin(message);
        _weight += weight;
        if (_weight > MaxWeight) throw new NetworkMapException("The map session has carried so much that it is begun anew.");
        if (!message.KeepAlive) Map = Next(message, now);
        if (message.Seq > 0) _seq = message.Seq;
    }

    /// <summary>The next stream begins with the whole map.</summary>
    public void Forget() => _handle = "";

    // Tailscale control protocol: the handle is in a stream's first message alone; the one asked for says that its session goes on.
    private void Begin(MapResponse first)
    {
        HasBegun = true;
        if (_handle.Length > 0 && first.MapSessionHandle == _handle)
        {
            Map = _newest;
            return;
        }

        (_handle, _offered, _seq, _weight) = ("", first.MapSessionHandle, 0, 0);
    }

    private NetworkMap Next(MapResponse message, DateTimeOffset now)
    {
        var map = NetworkMapReducer.Apply(Map, message, now);
        if (Map is null) _handle = _offered;
        if (_newest is not null) map = NetworkMapReuse.Of(_newest, map);
        return _newest = map;
    }
}
