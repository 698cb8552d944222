namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>The sender's addresses, to be pinged at once: it is pinging ours, so that both sides' firewalls open.</summary>
public readonly ref struct DiscoCallMeMaybe
{
    private readonly ReadOnlySpan<byte> _endPoints;

    private DiscoCallMeMaybe(ReadOnlySpan<byte> endPoints) => _endPoints = endPoints;

    public int Count => _endPoints.Length / WireEndPoint.Size;

    public WireEndPoint this[int index] => WireEndPoint.Read(_endPoints.Slice(index * WireEndPoint.Size, WireEndPoint.Size));

    /// <summary>Length of a message with so many addresses.</summary>
    public static int SizeOf(int count) => DiscoMessage.HeaderSize + (count * WireEndPoint.Size);

    /// <param name="body">Message after its header. One that is no whole number of addresses counts as empty.</param>
    public static DiscoCallMeMaybe Read(ReadOnlySpan<byte> body) => new(body.Length % WireEndPoint.Size == 0 ? body : default);

    /// <param name="destination">At least <see cref="SizeOf"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, ReadOnlySpan<WireEndPoint> endPoints)
    {
        DiscoMessage.WriteHeader(destination, DiscoMessageType.CallMeMaybe);
        var rest = destination[DiscoMessage.HeaderSize..];
        foreach (var endPoint in endPoints)
        {
            endPoint.Write(rest);
            rest = rest[WireEndPoint.Size..];
        }

        return SizeOf(endPoints.Length);
    }
}
