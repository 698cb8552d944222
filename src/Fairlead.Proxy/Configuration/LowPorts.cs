namespace Fairlead.Proxy.Configuration;

/// <summary>
/// Where ports below 1024 really are. In a cluster at their own number; where Pods are plain processes of an ordinary user, who may not
/// listen on such ports, an offset further up.
/// </summary>
/// <param name="Offset">0 for none.</param>
public readonly record struct LowPorts(int Offset)
{
    private const int FirstFree = 1024;

    public int Locate(int port) => port < FirstFree ? port + Offset : port;
}
