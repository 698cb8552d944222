using System.Buffers;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>One run of the streaming decompressor. Frames claim sizes that need not be true, so the result grows as it comes.</summary>
internal sealed unsafe class ZstdDecompression : IDisposable
{
    /// <summary>Largest window a frame may ask for, as a power of two: 8 MiB, which RFC 8878 section 3.1.1.1.2 has decoders support and encoders not exceed.</summary>
    private const int WindowLogMax = 23;

    private readonly ZstdLibrary _library;
    private readonly void* _context;

    public ZstdDecompression(ZstdLibrary library)
    {
        _library = library;
        _context = library.CreateContext(WindowLogMax);
    }

    public int Run(ReadOnlySpan<byte> data, ref byte[] buffer, int maxSize, ArrayPool<byte> pool)
    {
        if (data.IsEmpty) throw new InvalidDataException("Compressed data is empty.");
        var length = 0;
        fixed (byte* source = data)
        {
            var input = new ZstdLibrary.InBuffer { Source = source, Size = (nuint)data.Length };
            while (true)
            {
                var room = Math.Min(buffer.Length, maxSize) - length;
                nuint left;
                fixed (byte* destination = buffer)
                {
                    var output = new ZstdLibrary.OutBuffer { Destination = destination + length, Size = (nuint)room };
                    left = _library.Decompress(_context, ref output, ref input);
                    length += (int)output.Position;
                    room -= (int)output.Position;
                }

                if (_library.IsError(left)) throw new InvalidDataException("Compressed data is damaged, or asks for too large a window.");
                var atEnd = input.Position == input.Size;
                if (left == 0 && atEnd) return length;
                if (room > 0 && atEnd) throw new InvalidDataException("Compressed data breaks off.");
                if (room == 0 && !TryGrow(ref buffer, length, maxSize, pool)) throw new InvalidDataException($"Compressed data unpacks to more than {maxSize} bytes.");
            }
        }
    }

    public void Dispose() => _library.FreeContext(_context);

    private static bool TryGrow(ref byte[] buffer, int length, int maxSize, ArrayPool<byte> pool)
    {
        if (length >= maxSize) return false;
        var larger = pool.Rent((int)Math.Min(maxSize, buffer.Length * 2L));
        buffer.AsSpan(0, length).CopyTo(larger);
        pool.Return(buffer);
        buffer = larger;
        return true;
    }
}
