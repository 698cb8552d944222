namespace Fairlead.Tailnet.Filtering;

/// <summary>
/// Conversations begun from here, the least recently used of which goes when there is no room. Entries live in arrays that grow and
/// shrink with their number; nothing is allocated per entry. Not safe for several threads.
/// </summary>
/// <param name="capacity">Most conversations kept.</param>
internal sealed class FlowTable(int capacity)
{
    private const int None = -1;
    private const int InitialSize = 16;

    private int[] _buckets = [];
    private Entry[] _entries = [];
    private int _free = None;
    private int _newest = None;
    private int _oldest = None;

    public int Count { get; private set; }

    /// <summary>Adds the conversation, or sets when it ends unless there is news of it.</summary>
    public void Set(in FlowKey key, long expires)
    {
        var index = Find(key);
        if (index == None)
        {
            if (Count == capacity)
            {
                RemoveAt(_oldest);
            }

            index = Add(key);
        }

        _entries[index].Expires = expires;
        MoveToFront(index);
    }

    /// <summary>When the conversation ends unless there is news of it; false if there is none, or it has ended by <paramref name="now"/>.</summary>
    public bool TryGet(in FlowKey key, long now, out long expires)
    {
        var index = Find(key);
        expires = index == None ? 0 : _entries[index].Expires;
        if (index == None || expires > now)
        {
            return index != None;
        }

        RemoveAt(index);
        return false;
    }

    /// <summary>Drops what has ended, from the least recently used on, and gives memory back.</summary>
    public void Sweep(long now)
    {
        while (_oldest != None && _entries[_oldest].Expires <= now)
        {
            RemoveAt(_oldest);
        }

        if (_entries.Length > InitialSize && Count < _entries.Length / 4)
        {
            Resize(Count == 0 ? 0 : Math.Max(InitialSize, _entries.Length / 2));
        }
    }

    private int Find(in FlowKey key)
    {
        if (_buckets.Length == 0)
        {
            return None;
        }

        var index = _buckets[Bucket(key)] - 1;
        while (index != None && !_entries[index].Key.Equals(key))
        {
            index = _entries[index].NextInBucket;
        }

        return index;
    }

    private int Bucket(in FlowKey key) => key.GetHashCode() & (_buckets.Length - 1);

    private int Add(in FlowKey key)
    {
        if (_free == None)
        {
            Resize(Math.Max(InitialSize, _entries.Length * 2));
        }

        var index = _free;
        _free = _entries[index].NextInBucket;
        Insert(index, key);
        Count++;
        _entries[index].Older = _newest;
        _entries[index].Newer = None;
        Link(index);
        return index;
    }

    private void Insert(int index, in FlowKey key)
    {
        ref var bucket = ref _buckets[Bucket(key)];
        _entries[index].Key = key;
        _entries[index].NextInBucket = bucket - 1;
        bucket = index + 1;
    }

    private void Link(int index)
    {
        if (_newest == None)
        {
            _oldest = index;
        }
        else
        {
            _entries[_newest].Newer = index;
        }

        _newest = index;
    }

    private void Unlink(int index)
    {
        ref var entry = ref _entries[index];
        if (entry.Older == None)
        {
            _oldest = entry.Newer;
        }
        else
        {
            _entries[entry.Older].Newer = entry.Newer;
        }

        if (entry.Newer == None)
        {
            _newest = entry.Older;
        }
        else
        {
            _entries[entry.Newer].Older = entry.Older;
        }
    }

    private void MoveToFront(int index)
    {
        if (_newest == index)
        {
            return;
        }

        Unlink(index);
        _entries[index].Older = _newest;
        _entries[index].Newer = None;
        Link(index);
    }

    private void RemoveAt(int index)
    {
        ref var entry = ref _entries[index];
        ref var bucket = ref _buckets[Bucket(entry.Key)];
        if (bucket - 1 == index)
        {
            bucket = entry.NextInBucket + 1;
        }
        else
        {
            var before = bucket - 1;
            while (_entries[before].NextInBucket != index)
            {
                before = _entries[before].NextInBucket;
            }

            _entries[before].NextInBucket = entry.NextInBucket;
        }

        Unlink(index);
        entry.NextInBucket = _free;
        _free = index;
        Count--;
    }

    private void Resize(int size)
    {
        var old = _entries;
        var index = _oldest;
        _entries = new Entry[size];
        _buckets = new int[size];
        (_free, _newest, _oldest) = (None, None, None);
        var used = 0;
        for (; index != None; index = old[index].Newer)
        {
            Insert(used, old[index].Key);
            _entries[used].Expires = old[index].Expires;
            _entries[used].Older = _newest;
            _entries[used].Newer = None;
            Link(used++);
        }

        for (var free = size - 1; free >= used; free--)
        {
            _entries[free].NextInBucket = _free;
            _free = free;
        }
    }

    private struct Entry
    {
        public FlowKey Key;
        public long Expires;
        public int NextInBucket;
        public int Older;
        public int Newer;
    }
}
