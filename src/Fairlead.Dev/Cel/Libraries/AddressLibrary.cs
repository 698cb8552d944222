using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The Kubernetes IP and CIDR libraries.</summary>
internal static class AddressLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("ip", [CelKind.String], CelType.IP, a => WithAddress(a.Text(0), address => address));
        table.Global("isIP", [CelKind.String], CelType.Bool, a => CelValue.Of(CelIP.TryParse(a.Text(0), out _)));
        table.Global("ip.isCanonical", [CelKind.String], CelType.Bool, a =>
            WithAddress(a.Text(0), address => CelValue.Of(address.ToString() == a.Text(0))));
        table.Global("string", [IP], CelType.String, a => new CelString(a[0].ToString()!));
        table.Member("family", [IP], CelType.Int, a => new CelInt(a.As<CelIP>(0).IsV4 ? 4 : 6));
        table.Member("isUnspecified", [IP], CelType.Bool, a => CelValue.Of(a.As<CelIP>(0).IsUnspecified));
        table.Member("isLoopback", [IP], CelType.Bool, a => CelValue.Of(a.As<CelIP>(0).IsLoopback));
        table.Member("isLinkLocalMulticast", [IP], CelType.Bool, a => CelValue.Of(a.As<CelIP>(0).IsLinkLocalMulticast));
        table.Member("isLinkLocalUnicast", [IP], CelType.Bool, a => CelValue.Of(a.As<CelIP>(0).IsLinkLocalUnicast));
        table.Member("isGlobalUnicast", [IP], CelType.Bool, a => CelValue.Of(a.As<CelIP>(0).IsGlobalUnicast));

        table.Global("cidr", [CelKind.String], CelType.Cidr, a => WithNetwork(a.Text(0), network => network));
        table.Global("isCIDR", [CelKind.String], CelType.Bool, a => CelValue.Of(CelCidr.TryParse(a.Text(0), out _)));
        table.Global("string", [Cidr], CelType.String, a => new CelString(a[0].ToString()!));
        table.Member("ip", [Cidr], CelType.IP, a => a.As<CelCidr>(0).Address);
        table.Member("prefixLength", [Cidr], CelType.Int, a => new CelInt(a.As<CelCidr>(0).PrefixLength));
        table.Member("masked", [Cidr], CelType.Cidr, a => a.As<CelCidr>(0).Masked());
        table.Member("containsIP", [Cidr, IP], CelType.Bool, a => CelValue.Of(a.As<CelCidr>(0).Contains(a.As<CelIP>(1))));
        table.Member("containsIP", [Cidr, CelKind.String], CelType.Bool, a =>
            WithAddress(a.Text(1), address => CelValue.Of(a.As<CelCidr>(0).Contains(address))));
        table.Member("containsCIDR", [Cidr, Cidr], CelType.Bool, a => CelValue.Of(a.As<CelCidr>(0).Contains(a.As<CelCidr>(1))));
        table.Member("containsCIDR", [Cidr, CelKind.String], CelType.Bool, a =>
            WithNetwork(a.Text(1), network => CelValue.Of(a.As<CelCidr>(0).Contains(network))));
    }

    private static CelValue WithAddress(string text, Func<CelIP, CelValue> use) =>
        CelIP.TryParse(text, out var address) ? use(address) : CelError.Invalid($"'{text}' is no IP address");

    private static CelValue WithNetwork(string text, Func<CelCidr, CelValue> use) =>
        CelCidr.TryParse(text, out var network) ? use(network) : CelError.Invalid($"'{text}' is no network in CIDR notation");
}
