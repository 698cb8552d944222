using Fairlead.Tailnet.Netstack.Buffers;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// Received bytes: those in order that wait for a reader, and those beyond a hole, which lie at their final place already.
/// </summary>
internal struct ReceiveBuffer
{
    private BlockRing _ring;
    private ReassemblyRanges? _ranges;

    /// <summary>Bytes in order that wait to be read.</summary>
    public int Unread { get; private set; }

    public readonly bool HasHoles => _ranges is { Count: > 0 };

    public readonly bool IsCleared => _ring.IsCleared && _ranges is null;

    public readonly int BlockCount => _ring.BlockCount;

    /// <summary>Adds bytes that begin at the next expected one.</summary>
    /// <returns>By how much the next expected sequence number moves on: more than the bytes if they closed a hole.</returns>
    public uint Append(uint next, ReadOnlySpan<byte> bytes)
    {
        CopyIn(Unread, bytes);
        var end = next + (uint)bytes.Length;
        if (_ranges is { Count: > 0 })
        {
            end = _ranges.Join(end);
        }

        Unread += (int)(end - next);
        return end - next;
    }

    /// <summary>Keeps bytes that lie beyond the next expected one.</summary>
    /// <returns>False if they were not kept, as there are too many holes.</returns>
    public bool TryKeep(uint next, uint start, ReadOnlySpan<byte> bytes)
    {
        _ranges ??= new ReassemblyRanges();
        if (!_ranges.TryAdd(start, start + (uint)bytes.Length))
        {
            return false;
        }

        CopyIn(Unread + (int)(start - next), bytes);
        return true;
    }

    public readonly bool HasAlready(uint start, uint end) => _ranges is { Count: > 0 } && _ranges.Covers(start, end);

    public readonly int ReportRanges(Span<SequenceRange> blocks) => _ranges is { Count: > 0 } ? _ranges.Report(blocks) : 0;

    public int Read(Span<byte> destination)
    {
        var total = Math.Min(destination.Length, Unread);
        for (var copied = 0; copied < total;)
        {
            var source = _ring.Read(0);
            var count = Math.Min(source.Length, total - copied);
            source[..count].CopyTo(destination[copied..]);
            _ring.Advance(count);
            copied += count;
        }

        Unread -= total;
        if (Unread == 0 && !HasHoles)
        {
            _ring.Empty();
        }

        return total;
    }

    public void Clear()
    {
        _ring.Clear();
        _ranges = null;
        Unread = 0;
    }

    private void CopyIn(int offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var destination = _ring.Write(offset);
            var count = Math.Min(destination.Length, bytes.Length);
            bytes[..count].CopyTo(destination);
            bytes = bytes[count..];
            offset += count;
        }
    }
}
