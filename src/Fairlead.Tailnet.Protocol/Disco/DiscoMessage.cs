namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>Outer form of an opened message: type, version, body.</summary>
public static class DiscoMessage
{
    /// <summary>Type and version.</summary>
    public const int HeaderSize = 2;

    // The only version there is. Later ones may say more behind what is known, so they are read alike.
    private const byte Version = 0;

    public static bool TryRead(ReadOnlySpan<byte> message, out DiscoMessageType type, out ReadOnlySpan<byte> body)
    {
        type = default;
        body = default;
        if (message.Length < HeaderSize)
            return false;
        type = (DiscoMessageType)message[0];
        body = message[HeaderSize..];
        return true;
    }

    internal static void WriteHeader(Span<byte> destination, DiscoMessageType type)
    {
        destination[0] = (byte)type;
        destination[1] = Version;
    }
}
