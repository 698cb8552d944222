using System.ComponentModel;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>The kernel refuses a netlink message, or the socket fails.</summary>
/// <param name="error">The kernel's error number.</param>
/// <param name="sequence">Which message it is about; 0 if none.</param>
/// <param name="detail">What the kernel says beyond the number; empty if nothing.</param>
internal sealed class NetlinkException(int error, uint sequence, string detail)
    : Exception($"{new Win32Exception(error).Message} (errno {error}){(detail.Length > 0 ? ": " + detail : "")}")
{
    // asm-generic/errno.h
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Invalid = 22;
    public const int NotSupported = 95;
    public const int Stale = 85;
    public const int TooLong = 90;
    public const int ProtocolNotSupported = 93;

    public int Error => error;

    public uint Sequence => sequence;
}
