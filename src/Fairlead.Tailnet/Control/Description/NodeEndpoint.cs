using System.Net;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Description;

/// <summary>Where a node may be reached directly, and how it knows.</summary>
public sealed record NodeEndpoint(IPEndPoint Address, EndpointType Type);
