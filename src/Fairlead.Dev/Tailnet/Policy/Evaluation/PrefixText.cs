using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Dev.Tailnet.Policy.Evaluation;

/// <summary>Addresses and prefixes in policies and filters.</summary>
internal static class PrefixText
{
    /// <summary>Reads an address, which is a prefix of itself, or a prefix; host bits that are set are cleared.</summary>
    public static bool TryParse(string text, out IPPrefix prefix)
    {
        var full = text.Contains('/', StringComparison.Ordinal) ? text
            : text.Contains(':', StringComparison.Ordinal) ? text + "/128"
            : text + "/32";
        if (!IPPrefix.TryParse(full, out var read) || read.IsNone)
        {
            prefix = default;
            return false;
        }
        prefix = read.Masked();
        return true;
    }

    /// <summary>An address alone without its length, as filters have it.</summary>
    public static string Short(IPPrefix prefix) => prefix.IsSingleAddress ? prefix.Address.ToString() : prefix.ToString();

    public static bool Covers(this IPPrefix whole, IPPrefix part) => whole.Bits <= part.Bits && whole.Contains(part.Value, part.IsIPv4);

    public static bool Overlaps(this IPPrefix one, IPPrefix other) => one.Covers(other) || other.Covers(one);
}
