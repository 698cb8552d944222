using Fairlead.Proxy.Netfilter;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>One of the kernel's interfaces to its packet filter, as tests need it.</summary>
internal interface IFirewall
{
    NetfilterOptions Options { get; }

    /// <summary>Removes everything.</summary>
    Task ResetAsync();

    /// <summary>Makes the chains and rules by which a tailscaled masquerades what it forwards.</summary>
    Task AddTailscaledAsync();

    /// <summary>All rules in order, each with its place and text, or what it is found again by.</summary>
    Task<IReadOnlyList<CountedRule>> RulesAsync();
}
