using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>Where peers may reach this node, and how that was found.</summary>
public readonly record struct LocalEndpoint(UdpAddress Address, EndpointType Type);
