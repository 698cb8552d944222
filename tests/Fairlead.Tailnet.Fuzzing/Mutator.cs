using System.Buffers.Binary;

namespace Fairlead.Tailnet.Fuzzing;

/// <summary>Makes inputs: a seed as it is, then seeds with one to eight changes each, and now and then random bytes.</summary>
internal sealed class Mutator
{
    // Ends of ranges, where lengths and counts are most often misread.
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 255, 256, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536,
        int.MaxValue, 0x8000_0000, uint.MaxValue - 1, uint.MaxValue, long.MaxValue, 0x8000_0000_0000_0000, ulong.MaxValue,
    ];

    private readonly Random _random;
    private readonly byte[][] _seeds;
    private readonly byte[] _buffer;
    private readonly byte[] _scratch;
    private int _plainSeeds;
    private int _length;

    public Mutator(Random random, IEnumerable<byte[]> seeds, int maxLength)
    {
        _random = random;
        _seeds = [.. seeds];
        if (_seeds.Length == 0)
        {
            throw new ArgumentException("A target needs at least one seed.", nameof(seeds));
        }

        _buffer = new byte[Math.Max(maxLength, _seeds.Max(seed => seed.Length))];
        _scratch = new byte[_buffer.Length];
    }

    /// <summary>The next input; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_plainSeeds < _seeds.Length)
        {
            Load(_seeds[_plainSeeds++]);
            return _buffer.AsSpan(0, _length);
        }

        if (_random.Next(50) == 0)
        {
            _length = _random.Next(Math.Min(_buffer.Length, 256) + 1);
            _random.NextBytes(_buffer.AsSpan(0, _length));
            return _buffer.AsSpan(0, _length);
        }

        Load(AnySeed());
        for (var changes = 1 << _random.Next(4); changes > 0; changes--)
        {
            Change();
        }

        return _buffer.AsSpan(0, _length);
    }

    private byte[] AnySeed() => _seeds[_random.Next(_seeds.Length)];

    private void Load(byte[] seed)
    {
        seed.CopyTo(_buffer, 0);
        _length = seed.Length;
    }

    private void Change()
    {
        if (_length == 0)
        {
            Insert();
            return;
        }

        switch (_random.Next(11))
        {
            case 0: _buffer[Position()] ^= (byte)(1 << _random.Next(8)); break;
            case 1: _buffer[Position()] = (byte)_random.Next(256); break;
            case 2: _buffer[Position()] += (byte)_random.Next(-16, 17); break;
            case 3: _buffer[Position()] = (byte)Interesting[_random.Next(Interesting.Length)]; break;
            case 4: OverwriteNumber(); break;
            case 5: Insert(); break;
            case 6: Delete(); break;
            case 7: Repeat(); break;
            case 8: _length = _random.Next(_length + 1); break;
            case 9: Splice(); break;
            default: Swap(); break;
        }
    }

    private int Position() => _random.Next(_length);

    private int Run(int limit) => Math.Min(limit, 1 + _random.Next(1 << _random.Next(1, 8)));

    private void OverwriteNumber()
    {
        Span<byte> bytes = stackalloc byte[8];
        var width = 1 << _random.Next(1, 4);
        var value = Interesting[_random.Next(Interesting.Length)];
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes = bytes[..width];
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            bytes = bytes[^width..];
        }

        var at = Position();
        bytes[..Math.Min(width, _length - at)].CopyTo(_buffer.AsSpan(at));
    }

    private void Insert()
    {
        var run = Run(_buffer.Length - _length);
        var at = _random.Next(_length + 1);
        Open(at, run);
        if (_random.Next(2) == 0)
        {
            _random.NextBytes(_buffer.AsSpan(at, run));
        }
        else
        {
            _buffer.AsSpan(at, run).Fill((byte)_random.Next(256));
        }
    }

    private void Delete()
    {
        var at = Position();
        var run = Run(_length - at);
        _buffer.AsSpan(at + run, _length - at - run).CopyTo(_buffer.AsSpan(at));
        _length -= run;
    }

    private void Repeat()
    {
        var from = Position();
        var run = Math.Min(Run(_length - from), _buffer.Length - _length);
        _buffer.AsSpan(from, run).CopyTo(_scratch);
        var at = _random.Next(_length + 1);
        Open(at, run);
        _scratch.AsSpan(0, run).CopyTo(_buffer.AsSpan(at));
    }

    private void Splice()
    {
        var other = AnySeed();
        var from = _random.Next(other.Length + 1);
        var at = _random.Next(_length + 1);
        var run = Math.Min(other.Length - from, _buffer.Length - at);
        other.AsSpan(from, run).CopyTo(_buffer.AsSpan(at));
        _length = at + run;
    }

    private void Swap()
    {
        var (a, b) = (Position(), Position());
        (_buffer[a], _buffer[b]) = (_buffer[b], _buffer[a]);
    }

    private void Open(int at, int run)
    {
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + run));
        _length += run;
    }
}
