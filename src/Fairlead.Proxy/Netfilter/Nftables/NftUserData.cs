using System.Text;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>
/// Text that the kernel keeps with an object for whoever made it. It is written as nft(8) writes comments (a type, a length, the text and a
/// zero), so that <c>nft list ruleset</c> shows it; bare text, as others write it, is read too.
/// </summary>
internal static class NftUserData
{
    private const byte Comment = 0;

    // One byte says how long the text is, with its zero.
    private const int MaxText = 254;

    public static byte[] Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxText, nameof(text));
        return [Comment, (byte)(bytes.Length + 1), .. bytes, 0];
    }

    public static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = bytes is [Comment, var length, ..] && length <= bytes.Length - 2 ? bytes.Slice(2, length) : bytes;
        return Encoding.UTF8.GetString(text.TrimEnd((byte)0));
    }
}
