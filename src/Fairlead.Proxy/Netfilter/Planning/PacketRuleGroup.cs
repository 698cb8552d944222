using System.Collections.Immutable;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>Rules that work only together and in this order.</summary>
/// <param name="First">Whether they precede everything else in their chain, or come last.</param>
internal sealed record PacketRuleGroup(bool First, ImmutableArray<PacketRule> Rules);
