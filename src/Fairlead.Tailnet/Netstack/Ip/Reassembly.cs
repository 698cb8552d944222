using System.Buffers;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>The fragments of one datagram.</summary>
internal sealed class Reassembly(byte protocol, long expiresAt) : IDisposable
{
    private const int LargestDatagram = 65_535;
    private const int MostPieces = 128; // a whole datagram over links of 512 bytes; more pieces are an attack on the list

    private readonly List<(int Start, int End)> _pieces = [];
    private byte[] _bytes = [];
    private int _length = -1;

    /// <summary>In the stack's time.</summary>
    public long ExpiresAt => expiresAt;

    /// <summary>What follows the fragment header, as the first fragment says.</summary>
    public byte Protocol { get; private set; } = protocol;

    /// <summary>Bytes of memory it holds.</summary>
    public int Size => _bytes.Length;

    public bool IsComplete => _length >= 0 && _pieces.Count == 1 && _pieces[0] == (0, _length);

    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(0, _length);

    /// <summary>Adds a fragment.</summary>
    /// <returns>False if the datagram is to be given up: fragments overlap (RFC 5722) or contradict one another.</returns>
    public bool TryAdd(in IpHeader header, ReadOnlySpan<byte> piece)
    {
        var start = header.FragmentOffset;
        var end = start + piece.Length;
        if (piece.IsEmpty || end > LargestDatagram || (header.MoreFragments && piece.Length % 8 != 0) || (_length >= 0 && end > _length))
        {
            return false;
        }

        if (!header.MoreFragments)
        {
            if ((_length >= 0 && _length != end) || (_pieces.Count > 0 && _pieces[^1].End > end))
            {
                return false;
            }

            _length = end;
        }

        var index = 0;
        while (index < _pieces.Count && _pieces[index].Start < start)
        {
            index++;
        }

        // A repetition does no harm if it is exact: another one would make something of a fragment that a filter saw as something else. What
        // was joined with its neighbours is repeated too.
        var into = index < _pieces.Count && _pieces[index].Start == start ? index : index - 1;
        if (into >= 0 && _pieces[into].Start <= start && end <= _pieces[into].End)
        {
            return (start > 0 || header.Protocol == Protocol) && piece.SequenceEqual(_bytes.AsSpan(start, piece.Length));
        }

        if ((index > 0 && _pieces[index - 1].End > start) || (index < _pieces.Count && _pieces[index].Start < end) || _pieces.Count == MostPieces)
        {
            return false;
        }

        if (start == 0)
        {
            Protocol = header.Protocol;
        }

        _pieces.Insert(index, (start, end));
        Join(index);
        Reserve(end);
        piece.CopyTo(_bytes.AsSpan(start));
        return true;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void Join(int index)
    {
        if (index + 1 < _pieces.Count && _pieces[index].End == _pieces[index + 1].Start)
        {
            _pieces[index] = (_pieces[index].Start, _pieces[index + 1].End);
            _pieces.RemoveAt(index + 1);
        }

        if (index > 0 && _pieces[index - 1].End == _pieces[index].Start)
        {
            _pieces[index - 1] = (_pieces[index - 1].Start, _pieces[index].End);
            _pieces.RemoveAt(index);
        }
    }

    private void Reserve(int length)
    {
        if (_bytes.Length >= length)
        {
            return;
        }

        var grown = ArrayPool<byte>.Shared.Rent(length);
        _bytes.CopyTo(grown, 0);
        Dispose();
        _bytes = grown;
    }
}
