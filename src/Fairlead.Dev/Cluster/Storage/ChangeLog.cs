namespace Fairlead.Dev.Cluster.Storage;

/// <summary>
/// The latest changes of one type, oldest first, bounded in number. Not thread-safe: the store's gate guards it.
/// </summary>
internal sealed class ChangeLog(int capacity, long createdAt)
{
    private readonly StoredChange[] _ring = new StoredChange[capacity];
    private int _first;
    private int _count;

    /// <summary>History up to and including this version is gone; states at this version and later can be told.</summary>
    public long CompactedVersion { get; private set; } = createdAt;

    /// <summary>Version of the latest change that is no longer told.</summary>
    public long LastDropped { get; private set; }

    public void Append(StoredChange change)
    {
        if (_count == _ring.Length)
            DropFirst();
        _ring[(_first + _count++) % _ring.Length] = change;
    }

    public void Compact(long version)
    {
        while (_count > 0 && this[0].Version <= version)
            DropFirst();
        CompactedVersion = Math.Max(CompactedVersion, version);
    }

    /// <summary>Changes later than a version, oldest first.</summary>
    public StoredChange[] After(long version)
    {
        var from = FirstAfter(version);
        var found = new StoredChange[_count - from];
        for (var i = 0; i < found.Length; i++)
            found[i] = this[from + i];
        return found;
    }

    private StoredChange this[int index] => _ring[(_first + index) % _ring.Length];

    private int FirstAfter(long version)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Version <= version)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void DropFirst()
    {
        LastDropped = this[0].Version;
        CompactedVersion = Math.Max(CompactedVersion, LastDropped);
        _ring[_first] = null!;
        _first = (_first + 1) % _ring.Length;
        _count--;
    }
}
