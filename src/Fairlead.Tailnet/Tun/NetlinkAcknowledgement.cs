using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Tun;

/// <summary>The kernel's answer to a <see cref="NetlinkMessage"/>.</summary>
internal static class NetlinkAcknowledgement
{
    // linux/netlink.h: struct nlmsghdr (length, type, flags, sequence, port), then for an acknowledgement the negative error number.
    private const int HeaderSize = 16;
    private const ushort MessageError = 2;

    /// <summary>Looks for the answer among the messages that were received at once.</summary>
    /// <param name="sequence">Of the request.</param>
    /// <param name="error">Zero if the kernel did what was asked.</param>
    /// <returns>False if they are about something else.</returns>
    /// <exception cref="InvalidDataException">They are no messages.</exception>
    public static bool TryFind(ReadOnlySpan<byte> messages, uint sequence, out int error)
    {
        error = 0;
        while (messages.Length > 0)
        {
            var length = messages.Length < HeaderSize ? 0 : MemoryMarshal.Read<uint>(messages);
            if (length < HeaderSize || length > messages.Length)
            {
                throw new InvalidDataException($"The kernel's routing socket gave {messages.Length} bytes that are no message.");
            }

            if (MemoryMarshal.Read<uint>(messages[8..]) == sequence && MemoryMarshal.Read<ushort>(messages[4..]) == MessageError)
            {
                error = length >= HeaderSize + sizeof(int)
                    ? -MemoryMarshal.Read<int>(messages[HeaderSize..])
                    : throw new InvalidDataException($"The kernel's routing socket gave an acknowledgement of {length} bytes.");
                return true;
            }

            // Messages begin at multiples of four.
            messages = messages[(int)Math.Min(messages.Length, (length + 3) & ~3u)..];
        }

        return false;
    }
}
