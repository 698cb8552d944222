using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Fairlead.Dev.Cel.Values;

/// <summary>An address with a prefix length; bits after the prefix may be set.</summary>
internal sealed class CelCidr(CelIP address, int prefixLength) : CelOpaque
{
    public CelIP Address { get; } = address;

    public int PrefixLength { get; } = prefixLength;

    public override CelKind Kind => CelKind.Cidr;

    public static bool TryParse(string text, [NotNullWhen(true)] out CelCidr? cidr)
    {
        cidr = null;
        var slash = text.LastIndexOf('/');
        if (slash < 0 || !CelIP.TryParse(text[..slash], out var address))
            return false;
        var bits = text[(slash + 1)..];
        var leadingZero = bits.Length > 1 && bits[0] == '0';
        if (leadingZero || !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > address.Octets.Length * 8)
            return false;
        cidr = new CelCidr(address, length);
        return true;
    }

    public CelCidr Masked() => new(Mask(Address), PrefixLength);

    public bool Contains(CelIP other) => other.IsV4 == Address.IsV4 && Mask(other).EqualsOpaque(Mask(Address));

    public bool Contains(CelCidr other) => PrefixLength <= other.PrefixLength && Contains(other.Address);

    public override bool EqualsOpaque(CelOpaque other) =>
        other is CelCidr cidr && cidr.PrefixLength == PrefixLength && cidr.Address.EqualsOpaque(Address);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{PrefixLength}");

    private CelIP Mask(CelIP address)
    {
        var octets = address.Octets.ToArray();
        for (var i = 0; i < octets.Length; i++)
        {
            var kept = Math.Clamp(PrefixLength - (i * 8), 0, 8);
            octets[i] &= (byte)(0xFF << (8 - kept));
        }
        return new CelIP(octets);
    }
}
