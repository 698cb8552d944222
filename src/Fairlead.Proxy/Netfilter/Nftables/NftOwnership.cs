using System.Text.RegularExpressions;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Tells what a proxy made, this one or one before it, from what tailscaled and others made.</summary>
internal static partial class NftOwnership
{
    public const string LabelPrefix = "fairlead:";

    /// <summary>User data of tables and chains that a proxy made, and may remove once they are empty.</summary>
    public const string Mark = "fairlead";

    public static bool IsOwn(NftPresentRule rule) => rule.Table switch
    {
        NftBaseChain.NatTable => rule.Label.StartsWith(LabelPrefix, StringComparison.Ordinal) || ServiceOrSource().IsMatch(rule.Label),
        NftBaseChain.FilterTable => rule.Chain == NftBaseChain.Clamp.Name && rule.Label.StartsWith(LabelPrefix, StringComparison.Ordinal),
        _ => false,
    };

    [GeneratedRegex(@"^(svc:.+,(targetIP:.+:matchPort:\d+,targetPort:\d+,proto:(tcp|udp)|VIP:.+,ClusterIP:.+)|dst:.+,src:.+)$")]
    private static partial Regex ServiceOrSource();
}
