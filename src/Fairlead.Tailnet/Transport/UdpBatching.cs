namespace Fairlead.Tailnet.Transport;

/// <summary>How many datagrams a system call may carry.</summary>
public enum UdpBatching
{
    /// <summary>As many as the system can take: on Linux segmentation offload (GSO and GRO) over <c>recvmmsg</c>, elsewhere one.</summary>
    Automatic,

    /// <summary>On Linux <c>sendmmsg</c> and <c>recvmmsg</c> without segmentation offload; elsewhere one.</summary>
    WithoutOffload,

    /// <summary>One, through the base class library's sockets, on every system.</summary>
    None,
}
