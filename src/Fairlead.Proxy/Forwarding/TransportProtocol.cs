namespace Fairlead.Proxy.Forwarding;

public enum TransportProtocol
{
    Tcp,
    Udp,
}
