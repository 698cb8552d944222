namespace Fairlead.Tailnet.Tests.Netstack.Crafted;

/// <summary>RFC 1071 in its plainest form.</summary>
internal static class ReferenceChecksum
{
    /// <summary>0 over bytes that hold a right checksum.</summary>
    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) + (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
