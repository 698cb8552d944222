namespace Fairlead.Dev.Tailnet.Devices;

/// <summary>Host names as the first label of a DNS name (RFC 1123).</summary>
internal static class DnsLabel
{
    private const int MaxLength = 63;

    /// <summary>Lower case, up to the first dot, other characters than letters and digits as single dashes.</summary>
    public static string Of(string hostname)
    {
        var label = new char[Math.Min(hostname.Length, MaxLength)];
        var length = 0;
        foreach (var c in hostname.ToLowerInvariant())
        {
            if (c == '.' || length == label.Length) break;
            if (char.IsAsciiLetterOrDigit(c)) label[length++] = c;
            else if (length > 0 && label[length - 1] != '-') label[length++] = '-';
        }
        var text = new string(label, 0, length).TrimEnd('-');
        return text.Length == 0 ? "device" : text;
    }
}
