using System.Text;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>UTF-8 in which <see cref="Separator"/> ends a header line of HTTP/1.1 and begins another one of the same name.</summary>
internal sealed class HeaderLineEncoding(string headerName) : Encoding
{
    /// <summary>Can be in no value, as control characters are refused.</summary>
    public const char Separator = '\u0001';

    private readonly byte[] _nextLine = UTF8.GetBytes($"\r\n{headerName}: ");

    public override int GetByteCount(char[] chars, int index, int count) =>
        UTF8.GetByteCount(chars, index, count) + (chars.AsSpan(index, count).Count(Separator) * (_nextLine.Length - 1));

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        var rest = chars.AsSpan(charIndex, charCount);
        var position = byteIndex;
        for (var end = rest.IndexOf(Separator); end >= 0; end = rest.IndexOf(Separator))
        {
            position += UTF8.GetBytes(rest[..end], bytes.AsSpan(position));
            _nextLine.CopyTo(bytes.AsSpan(position));
            position += _nextLine.Length;
            rest = rest[(end + 1)..];
        }

        return position + UTF8.GetBytes(rest, bytes.AsSpan(position)) - byteIndex;
    }

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount) + (charCount * _nextLine.Length);

    public override int GetCharCount(byte[] bytes, int index, int count) => throw new NotSupportedException("Requests are only written.");

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        throw new NotSupportedException("Requests are only written.");

    public override int GetMaxCharCount(int byteCount) => throw new NotSupportedException("Requests are only written.");
}
