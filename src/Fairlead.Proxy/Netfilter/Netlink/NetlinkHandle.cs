using Microsoft.Win32.SafeHandles;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>The descriptor of a netlink socket.</summary>
internal sealed class NetlinkHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => NetlinkCalls.Close(handle) == 0;
}
