using System.Buffers;
using System.Runtime.CompilerServices;
using Fairlead.Dev.Cluster.Nodes;

namespace Fairlead.Dev.Runner.Logs;

/// <summary>Reads the part of a log that a request asks for, as clients show it.</summary>
internal static class LogReader
{
    // Holds several of the longest entries.
    private const int BufferSize = 128 * 1024;

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        ContainerLog log, PodLogRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = request.LimitBytes ?? long.MaxValue;
        var start = request.TailLines is { } lines ? await TailAsync(log, lines, request.Since, cancellationToken).ConfigureAwait(false) : log.Start;
        var continues = false;
        await foreach (var (_, bytes) in LinesAsync(log, start, request.Follow, cancellationToken).ConfigureAwait(false))
        {
            var shown = Show(bytes.Span, request, ref continues);
            if (shown.Length == 0)
                continue;
            yield return shown.AsMemory(0, (int)Math.Min(shown.Length, left));
            left -= shown.Length;
            if (left <= 0)
                yield break;
        }
    }

    /// <summary>Formats whole entries.</summary>
    private static byte[] Show(ReadOnlySpan<byte> bytes, PodLogRequest request, ref bool continues)
    {
        var shown = new ArrayBufferWriter<byte>(bytes.Length);
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.IsEmpty)
                continue;
            var entry = LogEntry.Parse(line);
            if (request.Since is { } since && entry.Moment < since)
                continue;
            if (request.Timestamps && !continues)
            {
                shown.Write(entry.Time);
                shown.Write(" "u8);
            }

            shown.Write(entry.Text);
            if (!entry.IsPartial)
                shown.Write("\n"u8);
            continues = entry.IsPartial;
        }

        return shown.WrittenSpan.ToArray();
    }

    /// <summary>Where the last lines begin.</summary>
    private static async Task<LogPosition> TailAsync(ContainerLog log, int lines, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var starts = new Queue<LogPosition>();
        var end = log.Start;
        var continues = false;
        await foreach (var (at, bytes) in LinesAsync(log, end, follow: false, cancellationToken).ConfigureAwait(false))
        {
            Count(starts, lines, at, bytes.Span, since, ref continues);
            end = at with { Offset = at.Offset + bytes.Length };
        }

        return starts.Count > 0 ? starts.Peek() : end;
    }

    private static void Count(
        Queue<LogPosition> starts, int lines, LogPosition at, ReadOnlySpan<byte> bytes, DateTimeOffset? since, ref bool continues)
    {
        for (var offset = 0; offset < bytes.Length;)
        {
            var length = bytes[offset..].IndexOf((byte)'\n');
            var entry = LogEntry.Parse(bytes.Slice(offset, length));
            if (!continues && lines > 0 && !(entry.Moment < since))
            {
                starts.Enqueue(at with { Offset = at.Offset + offset });
                if (starts.Count > lines)
                    starts.Dequeue();
            }

            continues = entry.IsPartial;
            offset += length + 1;
        }
    }

    /// <summary>Whole entries as they are in the files, some at a time, with their places.</summary>
    private static async IAsyncEnumerable<(LogPosition At, ReadOnlyMemory<byte> Bytes)> LinesAsync(
        ContainerLog log, LogPosition position, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var extent = log.ExtentFrom(position);
                position = extent.From;
                if (position.Offset < extent.End)
                {
                    var read = await ReadLinesAsync(extent, buffer, cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        // The file is gone: either it was the oldest of a log that grows fast, or the log was deleted.
                        if (log.ExtentFrom(position).From == position)
                            yield break;
                        continue;
                    }

                    yield return (position, buffer.AsMemory(0, read));
                    position = position with { Offset = position.Offset + read };
                }
                else if (!extent.IsLast)
                {
                    position = new LogPosition(position.Segment + 1, 0);
                }
                else if (!follow || extent.Ended)
                {
                    yield break;
                }
                else
                {
                    await extent.Changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ReadLinesAsync(LogExtent extent, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            // Opened for each stretch: a reader that waits holds no file.
            using var file = File.OpenHandle(extent.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var wanted = (int)Math.Min(extent.End - extent.From.Offset, BufferSize);
            var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, wanted), extent.From.Offset, cancellationToken).ConfigureAwait(false);
            return buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }
}
