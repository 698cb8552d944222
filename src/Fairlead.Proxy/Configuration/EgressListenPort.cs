using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Configuration;

/// <summary>A port of the Pod that cluster traffic for a tailnet target arrives at.</summary>
public readonly record struct EgressListenPort(TransportProtocol Protocol, ushort Port);
