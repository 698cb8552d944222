namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>The latest calls, oldest first. A call is in it before its answer is out.</summary>
public sealed class CallLog
{
    // Enough for the largest scale run of a test; a server left running for days must not grow without end.
    private const int Capacity = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<CallRecord> _calls = new();

    public IReadOnlyList<CallRecord> Snapshot()
    {
        lock (_gate) return [.. _calls];
    }

    /// <summary>Gives the calls and forgets them.</summary>
    public IReadOnlyList<CallRecord> Take()
    {
        lock (_gate)
        {
            CallRecord[] calls = [.. _calls];
            _calls.Clear();
            return calls;
        }
    }

    internal void Add(CallRecord call)
    {
        lock (_gate)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Capacity) _calls.Dequeue();
        }
    }
}
