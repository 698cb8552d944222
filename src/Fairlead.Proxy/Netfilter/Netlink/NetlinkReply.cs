namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>One message from the kernel.</summary>
/// <param name="Payload">What follows the header.</param>
internal readonly record struct NetlinkReply(ushort Type, ushort Flags, uint Sequence, ReadOnlyMemory<byte> Payload);
