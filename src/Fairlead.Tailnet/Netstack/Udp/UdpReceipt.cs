using System.Net;

namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>A datagram that was received.</summary>
/// <param name="Length">Bytes written to the caller's buffer: the datagram's length, or the buffer's if that was too small for it.</param>
/// <param name="RemoteEndPoint">Who sent it.</param>
public readonly record struct UdpReceipt(int Length, IPEndPoint RemoteEndPoint);
