using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>A disco message as it travels: magic, sender's disco key, nonce, box.</summary>
public static class DiscoPacket
{
    /// <summary>By how many bytes a packet is longer than its message.</summary>
    public const int Overhead = HeaderSize + NaclBox.Overhead;

    private const int MagicSize = 6;
    private const int NonceOffset = MagicSize + PublicKey.Size;
    private const int HeaderSize = NonceOffset + NaclBox.NonceSize;

    /// <summary>"TS" and a speech balloon, in UTF-8. No WireGuard message begins so.</summary>
    private static ReadOnlySpan<byte> Magic => "TS💬"u8;

    /// <summary>Whether a datagram claims to be disco; all else is WireGuard or STUN.</summary>
    public static bool IsDisco(ReadOnlySpan<byte> datagram) => datagram.StartsWith(Magic);

    /// <summary>Who a packet claims to come from. It is proven by opening it with what is shared with that key.</summary>
    public static bool TryReadSender(ReadOnlySpan<byte> packet, out DiscoPublicKey sender)
    {
        sender = default;
        if (packet.Length < Overhead || !IsDisco(packet))
            return false;
        sender = new DiscoPublicKey(new PublicKey(packet.Slice(MagicSize, PublicKey.Size)));
        return true;
    }

    /// <param name="box">What is shared with the sender.</param>
    /// <param name="packet">Opened in place.</param>
    /// <param name="message">The part of <paramref name="packet"/> that now holds the message.</param>
    public static bool TryOpen(NaclBox box, Span<byte> packet, out ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(box);
        message = default;
        if (packet.Length < Overhead)
            return false;
        var opened = packet[Overhead..];
        if (!box.TryOpen(packet[NonceOffset..HeaderSize], packet[HeaderSize..], opened))
            return false;
        message = opened;
        return true;
    }

    /// <param name="box">What is shared with the receiver.</param>
    /// <param name="sender">Our own key.</param>
    /// <param name="destination">At least <see cref="Overhead"/> bytes longer than the message.</param>
    /// <returns>Bytes written.</returns>
    public static int Seal(NaclBox box, DiscoPublicKey sender, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(box);
        Magic.CopyTo(destination);
        sender.Key.CopyTo(destination[MagicSize..]);
        var nonce = destination[NonceOffset..HeaderSize];
        RandomNumberGenerator.Fill(nonce);
        box.Seal(nonce, message, destination[HeaderSize..]);
        return Overhead + message.Length;
    }
}
