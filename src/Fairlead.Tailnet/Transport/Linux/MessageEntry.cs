using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary><c>struct mmsghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageEntry
{
    public MessageHeader Header;
    public uint Length;
}
