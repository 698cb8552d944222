using System.Globalization;
using System.Text;

namespace Fairlead.Tailnet.Names;

/// <summary>Domain names between their wire form (RFC 1035, 3.1 and 4.1.4) and text.</summary>
internal static class DnsName
{
    /// <summary>RFC 1035, 2.3.4.</summary>
    public const int MaxLabel = 63;

    /// <summary>Octets on the wire, RFC 1035, 2.3.4.</summary>
    public const int MaxWire = 255;

    /// <summary>Reads a name at <paramref name="position"/> and moves it behind the name. Follows pointers only backwards, so that it always ends.</summary>
    /// <param name="name">Lower case, labels parted by dots, octets that are no letters, digits, hyphens or underscores as <c>\DDD</c>.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int position, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var at = position;
        var end = -1;
        var limit = position;
        var wire = 1;
        while (true)
        {
            if (at >= message.Length)
            {
                return false;
            }

            int length = message[at];
            if (length == 0)
            {
                position = end < 0 ? at + 1 : end;
                name = text.ToString();
                return true;
            }

            if (length >= 0xC0)
            {
                if (at + 1 >= message.Length)
                {
                    return false;
                }

                var target = ((length & 0x3F) << 8) | message[at + 1];
                end = end < 0 ? at + 2 : end;
                if (target >= limit)
                {
                    return false;
                }

                limit = at = target;
                continue;
            }

            wire += length + 1;
            if (length > MaxLabel || wire > MaxWire || at + 1 + length > message.Length)
            {
                return false;
            }

            Append(text, message.Slice(at + 1, length));
            at += 1 + length;
        }
    }

    /// <summary>The wire form of a name that <see cref="TryRead"/> or <see cref="Normalize"/> made.</summary>
    /// <exception cref="ArgumentException">A label is empty or too long, or the whole is.</exception>
    public static byte[] ToWire(string name)
    {
        var wire = new List<byte>(name.Length + 2);
        return Write(name, wire) is { } problem ? throw new ArgumentException($"'{name}' is no domain name: {problem}.", nameof(name)) : [.. wire];
    }

    /// <summary>Whether a normalized name has a wire form, as names of users and control servers need not. The root is one.</summary>
    public static bool IsValid(string name) => Write(name, []) is null;

    /// <summary>Lower case, without a final dot.</summary>
    public static string Normalize(string name) => name.TrimEnd('.').ToLowerInvariant();

    /// <summary>Whether <paramref name="name"/> is <paramref name="suffix"/> or below it. The empty suffix is the root.</summary>
    public static bool IsWithin(string name, string suffix) =>
        suffix.Length == 0
        || (name.EndsWith(suffix, StringComparison.Ordinal) && (name.Length == suffix.Length || name[name.Length - suffix.Length - 1] == '.'));

    /// <returns>What is wrong with the name; null if nothing is.</returns>
    private static string? Write(string name, List<byte> wire)
    {
        foreach (var label in name.Length > 0 ? name.Split('.') : [])
        {
            var lengthAt = wire.Count;
            wire.Add(0);
            for (var i = 0; i < label.Length; i++)
            {
                if (label[i] == '\\' && byte.TryParse(label.AsSpan(i + 1, Math.Min(3, label.Length - i - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
                {
                    wire.Add(octet);
                    i += 3;
                }
                else if (char.IsAscii(label[i]))
                {
                    wire.Add((byte)label[i]);
                }
                else
                {
                    return "letters beyond ASCII are written in their xn-- form";
                }
            }

            var length = wire.Count - lengthAt - 1;
            if (length is 0 or > MaxLabel)
            {
                return $"a label has 1 to {MaxLabel} characters";
            }

            wire[lengthAt] = (byte)length;
        }

        wire.Add(0);
        return wire.Count <= MaxWire ? null : "it is too long";
    }

    private static void Append(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0)
        {
            text.Append('.');
        }

        foreach (var octet in label)
        {
            var letter = (char)octet;
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            {
                text.Append(char.ToLowerInvariant(letter));
            }
            else
            {
                text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
            }
        }
    }
}
