namespace Fairlead.Tailnet.Transport;

/// <summary>Takes datagrams as they come off sockets and relays.</summary>
public interface IDatagramReceiver
{
    /// <summary>The bytes are the receiver's to change during the call, and the caller's again after it. Must not block.</summary>
    void Receive(Span<byte> datagram, in PathAddress from);

    /// <summary>No further datagram is at hand at the moment.</summary>
    void EndOfBatch();
}
