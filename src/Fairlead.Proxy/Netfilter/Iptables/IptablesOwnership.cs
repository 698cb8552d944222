using System.Text.RegularExpressions;

namespace Fairlead.Proxy.Netfilter.Iptables;

/// <summary>Tells what a proxy made, this one or one before it, from what tailscaled and others made.</summary>
internal static partial class IptablesOwnership
{
    public const string CommentPrefix = "fairlead: ";

    public static bool IsOwn(IptablesRule rule) =>
        rule.Comment.StartsWith(CommentPrefix, StringComparison.Ordinal)
        || (rule is { Table: IptablesRendering.NatTable, Chain: IptablesRendering.Prerouting, Target: "DNAT" } && Service().IsMatch(rule.Comment));

    [GeneratedRegex(@"^(\S+:(tcp|udp):\d+ -> (tcp|udp):\d+|svc: \S+, \S+ -> \S+)\z")]
    private static partial Regex Service();
}
