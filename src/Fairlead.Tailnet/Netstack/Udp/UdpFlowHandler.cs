using System.Net;

namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>
/// Decides about a datagram to an address and port no socket is bound to: one's own, or, with <see cref="NetworkStack.AcceptsAnyDestination"/>,
/// any. Called on the thread that brings packets; must not block.
/// </summary>
/// <param name="remote">Who sent it.</param>
/// <param name="local">Where it was sent to.</param>
public delegate UdpFlowVerdict UdpFlowHandler(IPEndPoint remote, IPEndPoint local);
