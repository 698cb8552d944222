namespace Fairlead.Tailnet.Transport;

/// <summary>Counts of all sockets a transport ever had; a rebind does not reset them.</summary>
internal sealed class UdpCounters
{
    private long _receivedDatagrams;
    private long _receivedBytes;
    private long _receiveCalls;
    private long _receiveErrors;
    private long _sentDatagrams;
    private long _sentBytes;
    private long _sendCalls;
    private long _dropped;
    private long _offloadRefusals;

    public void Received(int datagrams, long bytes)
    {
        Interlocked.Add(ref _receivedDatagrams, datagrams);
        Interlocked.Add(ref _receivedBytes, bytes);
        Interlocked.Increment(ref _receiveCalls);
    }

    public void ReceiveFailed() => Interlocked.Increment(ref _receiveErrors);

    public void Sent(int datagrams, long bytes)
    {
        Interlocked.Add(ref _sentDatagrams, datagrams);
        Interlocked.Add(ref _sentBytes, bytes);
        Interlocked.Increment(ref _sendCalls);
    }

    public void Dropped(int datagrams) => Interlocked.Add(ref _dropped, datagrams);

    public void OffloadRefused() => Interlocked.Increment(ref _offloadRefusals);

    public UdpStatistics Snapshot() => new(
        Interlocked.Read(ref _receivedDatagrams),
        Interlocked.Read(ref _receivedBytes),
        Interlocked.Read(ref _receiveCalls),
        Interlocked.Read(ref _receiveErrors),
        Interlocked.Read(ref _sentDatagrams),
        Interlocked.Read(ref _sentBytes),
        Interlocked.Read(ref _sendCalls),
        Interlocked.Read(ref _dropped),
        Interlocked.Read(ref _offloadRefusals));
}
