namespace Fairlead.Tailnet.WireGuard.Messages;

/// <summary>Layout of the messages that carry packets (whitepaper, 5.4.6).</summary>
internal static class TransportData
{
    public const int Receiver = 4;

    public const int Counter = 8;

    /// <summary>Where the sealed packet begins.</summary>
    public const int HeaderSize = 16;

    /// <summary>By how much a message is longer than the padded packet: header and tag.</summary>
    public const int Overhead = 32;

    /// <summary>Packets are padded with zeros to a multiple of this, but not beyond the MTU.</summary>
    public const int PaddingMultiple = 16;

    /// <summary>Length of the message that carries a packet of the given length.</summary>
    public static int SizeFor(int packetLength, int mtu) => Overhead + PaddedLength(packetLength, mtu);

    private static int PaddedLength(int length, int mtu) =>
        Math.Max(length, Math.Min((length + PaddingMultiple - 1) & -PaddingMultiple, mtu));
}
