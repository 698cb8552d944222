namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>The newest messages of a map session, in case a node lost them on the way. Not thread-safe.</summary>
internal sealed class MapHistory
{
    // What is under way when a connection breaks is a handful of small changes. Who has missed more gets the whole map.
    private const int MaxMessages = 64;
    private const int MaxBytes = 16 * 1024;

    private readonly Queue<byte[]> _messages = new();
    private int _bytes;

    /// <summary>Number of the newest message; 0 before the first.</summary>
    public long Newest { get; private set; }

    /// <summary>Adds the message of the next number.</summary>
    /// <param name="json">Null for one that is not kept: nothing from before it can be gone on from then.</param>
    public void Add(byte[]? json)
    {
        Newest++;
        if (json is null)
        {
            _messages.Clear();
            _bytes = 0;
            return;
        }
        _messages.Enqueue(json);
        _bytes += json.Length;
        while (_messages.Count > MaxMessages || _bytes > MaxBytes) _bytes -= _messages.Dequeue().Length;
    }

    /// <summary>What came after a message, in order; null if that is not known any more, or was never told.</summary>
    public IReadOnlyList<byte[]>? After(long number)
    {
        var missed = Newest - number;
        return missed >= 0 && missed <= _messages.Count ? [.. _messages.Skip(_messages.Count - (int)missed)] : null;
    }
}
