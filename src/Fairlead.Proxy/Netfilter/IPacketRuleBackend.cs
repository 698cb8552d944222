using System.Collections.Immutable;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter;

/// <summary>Brings the proxy's rules into the kernel, in one of its languages.</summary>
internal interface IPacketRuleBackend : IDisposable
{
    /// <summary>Whether IPv6 addresses can be translated.</summary>
    bool TranslatesIPv6 { get; }

    /// <summary>
    /// Makes these the proxy's only rules. Rules of an earlier process are found again; those of others are not touched; what is there
    /// already stays as it is.
    /// </summary>
    /// <exception cref="ForwardingException">The kernel or a program refuses.</exception>
    Task ReplaceAsync(ImmutableArray<PacketRuleGroup> groups, CancellationToken cancellationToken);
}
