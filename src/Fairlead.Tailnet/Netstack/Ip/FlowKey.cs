using System.Net;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Both ends of a flow as this stack sees them.</summary>
internal readonly record struct FlowKey(IpAddress Local, IpAddress Remote, ushort LocalPort, ushort RemotePort)
{
    public IPEndPoint LocalEndPoint => new(Local.ToIPAddress(), LocalPort);

    public IPEndPoint RemoteEndPoint => new(Remote.ToIPAddress(), RemotePort);
}
