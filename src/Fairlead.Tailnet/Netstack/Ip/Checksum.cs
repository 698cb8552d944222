using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>
/// The Internet checksum (RFC 1071). Sums are kept in the machine's byte order and unfolded: the one's-complement sum does not mind, and
/// only the finished checksum is turned.
/// </summary>
internal static class Checksum
{
    /// <summary>Adds bytes to a sum. Unless they are the last, their number must be even.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> data)
    {
        ref var source = ref MemoryMarshal.GetReference(data);
        var length = data.Length;
        var offset = 0;
        if (length >= Vector256<byte>.Count)
        {
            // A lane gains at most 2 × 65535 per round and packets have at most 65535 bytes: 32 bits suffice.
            var low = Vector256<uint>.Zero;
            var high = Vector256<uint>.Zero;
            for (; offset <= length - Vector256<byte>.Count; offset += Vector256<byte>.Count)
            {
                var words = Vector256.LoadUnsafe(ref source, (nuint)offset).AsUInt16();
                low += Vector256.WidenLower(words);
                high += Vector256.WidenUpper(words);
            }

            sum += Total(low) + Total(high);
        }

        return sum + Tail(data[offset..]);
    }

    /// <summary>Copies and sums in one pass over the bytes.</summary>
    public static ulong Copy(ulong sum, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        destination = destination[..data.Length];
        ref var source = ref MemoryMarshal.GetReference(data);
        ref var target = ref MemoryMarshal.GetReference(destination);
        var length = data.Length;
        var offset = 0;
        if (length >= Vector256<byte>.Count)
        {
            var low = Vector256<uint>.Zero;
            var high = Vector256<uint>.Zero;
            for (; offset <= length - Vector256<byte>.Count; offset += Vector256<byte>.Count)
            {
                var bytes = Vector256.LoadUnsafe(ref source, (nuint)offset);
                bytes.StoreUnsafe(ref target, (nuint)offset);
                var words = bytes.AsUInt16();
                low += Vector256.WidenLower(words);
                high += Vector256.WidenUpper(words);
            }

            sum += Total(low) + Total(high);
        }

        data[offset..].CopyTo(destination[offset..]);
        return sum + Tail(data[offset..]);
    }

    /// <summary>What a sum over bytes is worth when they begin at an odd place: the bytes of its words change sides (RFC 1071 section 2).</summary>
    public static ulong Swap(ulong sum) => BinaryPrimitives.ReverseEndianness(Fold(sum));

    /// <summary>The part of the pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1) that is the same for every packet of a flow.</summary>
    public static ulong PseudoHeader(in IpAddress source, in IpAddress destination, byte protocol)
    {
        var sum = Add(source) + Add(destination);
        return sum + BigEndian(protocol);
    }

    /// <summary>The part of the pseudo-header that changes with each packet.</summary>
    public static ulong Length(int length) => BigEndian((ushort)length) + BigEndian((ushort)(length >> 16));

    /// <summary>The checksum to be stored with <see cref="Store"/>; 0 when the summed bytes hold a right checksum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Finish(ulong sum) => (ushort)~Fold(sum);

    /// <summary>Writes a checksum: it is in the machine's order already.</summary>
    public static void Store(Span<byte> destination, ushort checksum) => MemoryMarshal.Write(destination, checksum);

    private static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    private static ulong Add(in IpAddress address) =>
        address.IsV4
            ? Turn((uint)address.Low)
            : Turn((uint)address.Low) + Turn((uint)(address.Low >> 32)) + Turn((uint)address.High) + Turn((uint)(address.High >> 32));

    private static ulong Turn(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static ulong BigEndian(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static ulong Total(Vector256<uint> lanes)
    {
        var (low, high) = Vector256.Widen(lanes);
        return Vector256.Sum(low + high);
    }

    private static ulong Tail(ReadOnlySpan<byte> data)
    {
        ulong sum = 0;
        while (data.Length >= sizeof(uint))
        {
            sum += MemoryMarshal.Read<uint>(data);
            data = data[sizeof(uint)..];
        }

        if (data.Length >= sizeof(ushort))
        {
            sum += MemoryMarshal.Read<ushort>(data);
            data = data[sizeof(ushort)..];
        }

        if (!data.IsEmpty)
        {
            // A last odd byte counts as the high byte of a word in network order.
            sum += BitConverter.IsLittleEndian ? data[0] : (ulong)data[0] << 8;
        }

        return sum;
    }
}
