namespace Fairlead.Tailnet.Packets;

/// <summary>Where IP packets go out: the way from a network stack or TUN device to the tailnet.</summary>
public interface IPacketLink
{
    /// <summary>Largest packet in bytes, IP header included.</summary>
    int Mtu { get; }

    /// <summary>
    /// Takes a whole IP packet. The bytes are read before the call returns, and not kept. A packet may wait for more to go with it
    /// until <see cref="Flush"/>; one that cannot be sent is dropped, as on any network. Safe to call from several threads.
    /// </summary>
    void Send(ReadOnlySpan<byte> packet);

    /// <summary>Sends what waits. To be called at the end of every burst.</summary>
    void Flush();
}
