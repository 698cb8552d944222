using Fairlead.Tailnet.Netstack.Ip;

namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>A datagram that waits to be read, in a rented buffer.</summary>
internal readonly record struct QueuedDatagram(byte[] Buffer, int Length, IpAddress Remote, ushort RemotePort);
