namespace Fairlead.Tailnet.Packets;

/// <summary>Where IP packets come in: a network stack, a TUN device, or a filter before one.</summary>
public interface IPacketReceiver
{
    /// <summary>
    /// Takes a whole IP packet. The bytes are the caller's and change after the call. Must not block, and may be called from several
    /// threads at once; the caller holds no lock.
    /// </summary>
    void Receive(ReadOnlySpan<byte> packet);

    /// <summary>No further packet is at hand at the moment: time to answer, acknowledge and wake readers, once for all of them.</summary>
    void EndOfBatch();
}
