namespace Fairlead.Dev.Tailnet.Coordination.Dns;

/// <summary>The records that nodes asked to publish, oldest first. Nothing serves them: whoever plays the authority looks here.</summary>
public sealed class PublishedRecords
{
    // Certificates are renewed every few weeks; a server left running must not grow without end.
    private const int Capacity = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<PublishedRecord> _records = new();

    public IReadOnlyList<PublishedRecord> Snapshot()
    {
        lock (_gate) return [.. _records];
    }

    internal void Add(PublishedRecord record)
    {
        lock (_gate)
        {
            _records.Enqueue(record);
            if (_records.Count > Capacity) _records.Dequeue();
        }
    }
}
