using System.Net;
using Fairlead.Tailnet.Protocol.Control.Pings;

namespace Fairlead.Tailnet.Control.Pings;

/// <summary>Pings another node in one of the ways of <see cref="PingTypes"/>. What goes wrong is told in <see cref="PingResponse.Err"/>.</summary>
public delegate Task<PingResponse> NodePinger(IPAddress address, string type, CancellationToken cancellationToken);
