namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// A <see cref="MapSession"/> that outlives its streams: a node that lost one goes on where it was. One stream at a time has it; who
/// loses it to another tells nothing any more. Thread-safe.
/// </summary>
/// <param name="handle">Names the session; empty for one that cannot be gone on with.</param>
internal sealed class ContinuedSession(string handle, MapSession state, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly MapHistory _history = new();
    private object? _stream;
    private DateTimeOffset _lost;

    public string Handle => handle;

    /// <summary>Gives the session to a stream that begins it.</summary>
    public void Begin(object stream)
    {
        lock (_gate) _stream = stream;
    }

    /// <summary>Gives the session to a stream that goes on with it.</summary>
    /// <param name="seen">Number of the last message that the node has seen.</param>
    /// <returns>What it has missed; null if that is not known any more, and the session remains whose it was.</returns>
    public IReadOnlyList<byte[]>? Continue(object stream, long seen)
    {
        lock (_gate)
        {
            if (_history.After(seen) is not { } missed) return null;
            _stream = stream;
            var reply = new MapMessage { SessionHandle = handle, Seq = seen };
            return [MapMessageWriter.Write(reply).ToArray(), .. missed];
        }
    }

    /// <summary>A stream ended.</summary>
    public void Leave(object stream)
    {
        lock (_gate)
        {
            if (_stream != stream) return;
            _stream = null;
            _lost = time.GetUtcNow();
        }
    }

    /// <summary>Has nobody wanted it for so long?</summary>
    public bool IsAbandoned(TimeSpan retention)
    {
        lock (_gate) return _stream is null && time.GetUtcNow() - _lost >= retention;
    }

    /// <summary>The next message; null if there is nothing to tell, or it is not for this stream to tell it.</summary>
    public ReadOnlyMemory<byte>? Next(object stream, TailnetView view)
    {
        lock (_gate)
        {
            if (_stream != stream || state.Next(view) is not { } message) return null;
            if (handle.Length == 0) return MapMessageWriter.Write(message).ToArray();
            message.Seq = _history.Newest + 1;
            // The first one tells the handle: who has missed it cannot ask for it.
            if (message.Seq == 1) message.SessionHandle = handle;
            var json = MapMessageWriter.Write(message).ToArray();
            _history.Add(message.Seq == 1 ? null : json);
            return json;
        }
    }

    /// <inheritdoc cref="MapSession.Farewell"/>
    public ReadOnlyMemory<byte>? Farewell()
    {
        lock (_gate) return state.Farewell() is { } message ? MapMessageWriter.Write(message).ToArray() : null;
    }
}
