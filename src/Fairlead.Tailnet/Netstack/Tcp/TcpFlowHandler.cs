using System.Net;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// Decides about a connection to an address and port nobody listens on: one's own, or, with <see cref="NetworkStack.AcceptsAnyDestination"/>,
/// any. Called on the thread that brings packets; must not block.
/// </summary>
/// <param name="remote">Who connects.</param>
/// <param name="local">The address and port that were asked for.</param>
public delegate TcpFlowVerdict TcpFlowHandler(IPEndPoint remote, IPEndPoint local);
