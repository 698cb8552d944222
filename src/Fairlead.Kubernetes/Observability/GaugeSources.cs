using System.Diagnostics.Metrics;

namespace Fairlead.Kubernetes.Observability;

/// <summary>The live objects behind one observable gauge, each with its tags.</summary>
internal sealed class GaugeSources<T>
    where T : struct
{
    private readonly Lock _gate = new();
    private readonly List<Source> _sources = [];

    public IDisposable Add(Func<T> value, params KeyValuePair<string, object?>[] tags)
    {
        var source = new Source(this, value, tags);
        lock (_gate)
        {
            _sources.Add(source);
        }

        return source;
    }

    public IEnumerable<Measurement<T>> Measure()
    {
        Source[] sources;
        lock (_gate)
        {
            sources = [.. _sources];
        }

        return sources.Select(static source => new Measurement<T>(source.Value(), source.Tags));
    }

    private sealed class Source(GaugeSources<T> owner, Func<T> value, KeyValuePair<string, object?>[] tags) : IDisposable
    {
        public Func<T> Value { get; } = value;

        public KeyValuePair<string, object?>[] Tags { get; } = tags;

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._sources.Remove(this);
            }
        }
    }
}
