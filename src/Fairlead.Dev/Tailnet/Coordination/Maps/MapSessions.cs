using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>The map sessions that nodes are in, or may go on with: one each, the newest.</summary>
internal sealed class MapSessions(IdSource ids, EmbeddedTailnetOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ContinuedSession> _sessions = [];
    private int _continued;

    /// <summary>How often a stream went on with a session.</summary>
    public int Continued => Volatile.Read(ref _continued);

    private TimeSpan Retention => options.Coordination.MapSessionRetention;

    /// <summary>The session for a stream that begins: the one it asks for, if it can go on where it was, or a new one.</summary>
    /// <returns>The session, and what it has to tell before all else.</returns>
    public (ContinuedSession Session, IReadOnlyList<byte[]> Missed) Open(string nodeId, MapRequest request, object stream)
    {
        lock (_gate)
        {
            if (request.MapSessionHandle.Length > 0
                && _sessions.GetValueOrDefault(nodeId) is { } known
                && known.Handle == request.MapSessionHandle
                && known.Continue(stream, request.MapSessionSeq) is { } missed)
            {
                _continued++;
                return (known, missed);
            }
            var state = new MapSession(nodeId, options.TailnetName, options.DnsSuffix, options.Time);
            var session = new ContinuedSession(Retention > TimeSpan.Zero ? ids.Next(16) : "", state, options.Time);
            session.Begin(stream);
            _sessions[nodeId] = session;
            return (session, []);
        }
    }

    /// <summary>Nodes that ask to go on get the whole map, as if another server had taken over.</summary>
    public void Forget()
    {
        lock (_gate) _sessions.Clear();
    }

    /// <summary>Lets go of what nobody came back for.</summary>
    public void Review()
    {
        lock (_gate)
        {
            foreach (var (nodeId, session) in _sessions)
            {
                if (session.IsAbandoned(Retention)) _sessions.Remove(nodeId);
            }
        }
    }
}
