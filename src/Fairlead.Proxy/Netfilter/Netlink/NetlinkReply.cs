using System.Runtime.InteropServices;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>One message from the kernel.</summary>
/// <param name="Payload">What follows the header.</param>
internal readonly record struct NetlinkReply(ushort Type, ushort Flags, uint Sequence, ReadOnlyMemory<byte> Payload)
{
    // linux/netlink.h
    private const int HeaderSize = 16;
    private const ushort FlagShort = 0x100;
    private const ushort FlagExtendedError = 0x200;
    private const ushort ExtendedErrorText = 1;

    /// <summary>What an error message says; null if it is an acknowledgement.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public NetlinkException? ReadError()
    {
        // struct nlmsgerr: the negative error number, then the header of the message that it is about, then that message unless shortened.
        var payload = Payload.Span;
        if (payload.Length < sizeof(int) + HeaderSize)
        {
            throw new InvalidDataException($"A netlink error message has only {payload.Length} bytes.");
        }

        var error = -MemoryMarshal.Read<int>(payload);
        return error == 0 ? null : new NetlinkException(error, Sequence, (Flags & FlagExtendedError) != 0 ? ErrorText(payload[sizeof(int)..]) : "");
    }

    /// <summary>The messages of what was received at once.</summary>
    /// <exception cref="InvalidDataException">One is longer than what is left.</exception>
    public static List<NetlinkReply> ReadAll(ReadOnlyMemory<byte> received)
    {
        var replies = new List<NetlinkReply>();
        while (received.Length >= HeaderSize)
        {
            var size = MemoryMarshal.Read<int>(received.Span);
            if (size < HeaderSize || size > received.Length)
            {
                throw new InvalidDataException($"A netlink message says that it has {size} bytes where {received.Length} are left.");
            }

            replies.Add(new NetlinkReply(
                MemoryMarshal.Read<ushort>(received.Span[4..]), MemoryMarshal.Read<ushort>(received.Span[6..]), MemoryMarshal.Read<uint>(received.Span[8..]), received[HeaderSize..size]));
            received = received[Padded(size, received.Length)..];
        }

        return replies;
    }

    private string ErrorText(ReadOnlySpan<byte> original)
    {
        var length = (Flags & FlagShort) != 0 ? HeaderSize : MemoryMarshal.Read<int>(original);
        if (length < HeaderSize || length > original.Length)
        {
            throw new InvalidDataException($"A netlink error message says that it is about {length} bytes where {original.Length} are left.");
        }

        var text = "";
        var attributes = new NetlinkAttributes(original[Padded(length, original.Length)..]);
        while (attributes.Next())
        {
            text = attributes.Type == ExtendedErrorText ? attributes.Text : text;
        }

        return text;
    }

    // Everything begins at a multiple of four, except what would after the end.
    private static int Padded(int size, int limit) => (int)Math.Min(limit, (size + 3L) & ~3L);
}
