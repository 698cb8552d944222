using System.Runtime.InteropServices;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>System calls on netlink sockets, an address family that .NET's sockets do not have.</summary>
internal static partial class NetlinkCalls
{
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial NetlinkHandle Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(nint descriptor);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(NetlinkHandle socket, int level, int option, ReadOnlySpan<byte> value, uint length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(NetlinkHandle socket, ReadOnlySpan<byte> buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(NetlinkHandle socket, Span<byte> buffer, nuint length, int flags);
}
