namespace Fairlead.Kubernetes.Observability;

/// <summary>The value of one instrument for one set of tags. Guarded by its own lock.</summary>
internal sealed class MetricSeries(TagSet tags, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Length];
    private double _value;
    private long _count;

    public TagSet Tags { get; } = tags;

    /// <summary>Measured since the series was last swept; decides whether an observable series is still reported.</summary>
    public bool Fresh { get; set; }

    public void Add(double delta)
    {
        lock (_gate)
        {
            _value += delta;
            Fresh = true;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _value = value;
            Fresh = true;
        }
    }

    public void Record(double value)
    {
        lock (_gate)
        {
            _value += value;
            _count++;
            var bucket = Array.BinarySearch(bounds, value);
            bucket = bucket < 0 ? ~bucket : bucket;
            if (bucket < _buckets.Length)
            {
                _buckets[bucket]++;
            }
        }
    }

    public double Value
    {
        get
        {
            lock (_gate)
            {
                return _value;
            }
        }
    }

    /// <summary>Cumulative counts per bound, the total count and the sum, all of one moment.</summary>
    public (long[] Cumulative, long Count, double Sum) Histogram()
    {
        lock (_gate)
        {
            var cumulative = new long[_buckets.Length];
            var sum = 0L;
            for (var i = 0; i < _buckets.Length; i++)
            {
                cumulative[i] = sum += _buckets[i];
            }

            return (cumulative, _count, _value);
        }
    }
}
