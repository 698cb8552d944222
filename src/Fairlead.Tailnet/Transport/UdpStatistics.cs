namespace Fairlead.Tailnet.Transport;

/// <summary>What went through a <see cref="UdpTransport"/> since it started.</summary>
/// <param name="ReceivedDatagrams">Datagrams handed to the receiver.</param>
/// <param name="ReceivedBytes">Their payload.</param>
/// <param name="ReceiveCalls">System calls that returned at least one of them.</param>
/// <param name="ReceiveErrors">System calls that failed, and datagrams dropped because the receiver threw.</param>
/// <param name="SentDatagrams">Datagrams the kernel took.</param>
/// <param name="SentBytes">Their payload.</param>
/// <param name="SendCalls">System calls that took at least one of them.</param>
/// <param name="DroppedDatagrams">Datagrams the kernel did not take: full buffers, no route, no socket of the address family.</param>
/// <param name="OffloadRefusals">Batches that had to be sent again without segmentation offload.</param>
public readonly record struct UdpStatistics(
    long ReceivedDatagrams,
    long ReceivedBytes,
    long ReceiveCalls,
    long ReceiveErrors,
    long SentDatagrams,
    long SentBytes,
    long SendCalls,
    long DroppedDatagrams,
    long OffloadRefusals);
