using System.Globalization;

namespace Fairlead.Dev.Runner.Logs;

/// <summary>
/// What one run of a container wrote, in files of bounded size: the latest lines are kept. Many may read while one run writes.
/// </summary>
internal sealed class ContainerLog : IDisposable
{
    // A kubelet keeps five files of 10 MiB; a laptop's development cluster needs less.
    private const long SegmentSize = 5 * 1024 * 1024;
    private const int Segments = 2;

    private readonly Lock _gate = new();
    private readonly List<LogSegment> _segments = [];
    private readonly string _pathPrefix;
    private readonly TimeProvider _time;
    private readonly long _segmentSize;
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    /// <param name="pathPrefix">Files are named by this and a number.</param>
    public ContainerLog(string pathPrefix, TimeProvider time, long segmentSize = SegmentSize)
    {
        (_pathPrefix, _time, _segmentSize) = (pathPrefix, time, segmentSize);
        AddSegment(0);
    }

    public void Append(string stream, bool isPartial, ReadOnlySpan<byte> text)
    {
        var line = LogEntry.Format(_time.GetUtcNow(), stream, isPartial, text);
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_ended)
                return;
            var last = _segments[^1];
            if (last.Length + line.Length > _segmentSize && last.Length > 0)
                last = AddSegment(last.Number + 1);
            last.Append(line);
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>The run has ended: readers that follow come to an end.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _segments[^1].Dispose();
        }

        _changed.TrySetResult();
    }

    /// <summary>Removes the files. Readers that have them open read on.</summary>
    public void Delete()
    {
        End();
        lock (_gate)
            _segments.ForEach(segment => File.Delete(segment.Path));
    }

    public void Dispose() => End();

    /// <summary>What there is to read from a position on.</summary>
    internal LogExtent ExtentFrom(LogPosition position)
    {
        lock (_gate)
        {
            // What was dropped meanwhile is lost to slow readers as well.
            var segment = _segments.Find(s => s.Number == position.Segment) ?? _segments[0];
            var offset = segment.Number == position.Segment ? position.Offset : 0;
            return new LogExtent(segment.Path, new LogPosition(segment.Number, offset), segment.Length, segment == _segments[^1], _ended, _changed.Task);
        }
    }

    internal LogPosition Start
    {
        get
        {
            lock (_gate)
                return new LogPosition(_segments[0].Number, 0);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LogSegment AddSegment(long number)
    {
        if (_segments.Count > 0)
            _segments[^1].Dispose();
        var segment = new LogSegment(number, string.Create(CultureInfo.InvariantCulture, $"{_pathPrefix}.{number}.log"));
        _segments.Add(segment);
        if (_segments.Count > Segments)
        {
            File.Delete(_segments[0].Path);
            _segments.RemoveAt(0);
        }

        return segment;
    }
}
