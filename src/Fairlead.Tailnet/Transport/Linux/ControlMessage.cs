using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary><c>struct cmsghdr</c> and the room for the one integer that goes with a UDP segment size.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlMessage
{
    public nuint Length;
    public int Level;
    public int Type;
    public int Value;
    private readonly int _padding;

    /// <summary>CMSG_LEN of a 16-bit value, as UDP_SEGMENT takes it.</summary>
    public static nuint LengthOfSegmentSize => (nuint)(nuint.Size + (2 * sizeof(int)) + sizeof(ushort));
}
