using System.Runtime.CompilerServices;

namespace Fairlead.Tailnet.Control.Requests;

/// <summary>A value that changes. Who watches sees the newest, and misses those in between when slow; who sets it never waits.</summary>
internal sealed class Latest<T>(T initial)
    where T : class?
{
    private readonly Lock _gate = new();
    private T _value = initial;
    private long _version;
    private bool _completed;
    private TaskCompletionSource? _changed;

    public T Value
    {
        get
        {
            lock (_gate) return _value;
        }
    }

    public void Set(T value) => Update(_ => value);

    public void Update(Func<T, T> change)
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            var value = change(_value);
            if (_completed || ReferenceEquals(value, _value)) return;
            _value = value;
            _version++;
            (changed, _changed) = (_changed, null);
        }

        changed?.SetResult();
    }

    /// <summary>No change will come any more: those who watch get the last value and the end.</summary>
    public void Complete()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            _completed = true;
            (changed, _changed) = (_changed, null);
        }

        changed?.SetResult();
    }

    /// <summary>The present value, and then the newest after each change.</summary>
    public async IAsyncEnumerable<T> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long seen = -1;
        while (true)
        {
            T value;
            Task? next = null;
            var completed = false;
            lock (_gate)
            {
                value = _value;
                if (seen == _version)
                {
                    if (_completed) yield break;
                    next = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }

                seen = _version;
                completed = _completed;
            }

            if (next is not null)
            {
                await next.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            yield return value;
            if (completed) yield break;
        }
    }
}
