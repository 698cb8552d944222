using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>One port of a Service, as clients address it.</summary>
internal readonly record struct ServicePort(IPAddress Address, int Port, ProtocolType Protocol)
{
    public override string ToString() => $"{Address}:{Port}/{Protocol}";
}
