using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Iptables;
using Fairlead.Proxy.Netfilter.Nftables;
using Fairlead.Proxy.Netfilter.Planning;
using Fairlead.Proxy.Netfilter.Sysctls;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Netfilter;

/// <summary>
/// Forwards by rules of the kernel's packet filter, beside a tailscaled with a TUN device. Rules of an earlier process are found again;
/// those of tailscaled and others are not touched. The rules go when the forwarder is disposed; if the process dies they keep working.
/// </summary>
/// <remarks>
/// What comes in from the tailnet leaves with the Pod's own address because tailscaled masquerades forwarded traffic
/// (<c>ts-postrouting</c>); it must run with its netfilter mode on.
/// </remarks>
public sealed partial class NetfilterForwarder : ITrafficForwarder
{
    private readonly IPacketRuleBackend _backend;
    private readonly ILogger<NetfilterForwarder> _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private bool _disposed;

    private NetfilterForwarder(FirewallMode mode, IPacketRuleBackend backend, ILogger<NetfilterForwarder> logger)
    {
        Mode = mode;
        _backend = backend;
        _logger = logger;
    }

    /// <summary>What was chosen.</summary>
    public FirewallMode Mode { get; }

    public bool CarriesIPv6 => _backend.TranslatesIPv6;

    /// <summary>Chooses the firewall mode and makes sure that it works, for the network namespace of the calling thread.</summary>
    /// <exception cref="ForwardingException">It does not work; the message says why and what to do.</exception>
    public static async Task<NetfilterForwarder> OpenAsync(NetfilterOptions options, ILogger<NetfilterForwarder> logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        var mode = await FirewallModeChoice.ChooseAsync(
            options.FirewallMode,
            new IptablesProgram(options.IptablesProgram).IsInstalled,
            () => CountIptablesRulesAsync(options, cancellationToken),
            () => Task.FromResult(CountNftablesRules(options))).ConfigureAwait(false);
        IPacketRuleBackend backend = mode == FirewallMode.Nftables
            ? new NftablesBackend(options.TailnetInterface)
            : await IptablesBackend.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        var forwarder = new NetfilterForwarder(mode, backend, logger);
        forwarder.LogChosen(mode, backend.TranslatesIPv6);
        return forwarder;
    }

    public async Task ApplyAsync(ImmutableArray<ForwardingRule> rules, CancellationToken cancellationToken)
    {
        var groups = PacketRulePlan.Of(rules);
        if (!CarriesIPv6 && rules.FirstOrDefault(rule => PacketRulePlan.FamilyOf(rule) == AddressFamily.InterNetworkV6) is { } six)
        {
            throw new ForwardingException(
                $"The rule {PacketRulePlan.Describe(six)} needs address translation for IPv6, which ip6tables does not offer here; load ip6table_nat on the node, set {FirewallModeChoice.Variable}=nftables, or use IPv4 addresses.");
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            new KernelSettings().Enable(ForwardingSysctls.Required(DestinationsOf(rules), hasFqdnTarget: false, []));
            await _backend.ReplaceAsync(groups, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            await _backend.ReplaceAsync([], CancellationToken.None).ConfigureAwait(false);
        }
        catch (ForwardingException e)
        {
            LogLeftBehind(e);
        }
        finally
        {
            _backend.Dispose();
            _turn.Release();
        }
    }

    /// <summary>Where the proxy's own destination or target is, now that its name is resolved. For Services of a ProxyGroup the Pod's init container has seen to it.</summary>
    private static IEnumerable<IPAddress> DestinationsOf(ImmutableArray<ForwardingRule> rules) => rules.SelectMany(rule => rule switch
    {
        ForwardingRule.IngressToAddress to => [to.Destination],
        ForwardingRule.IngressToBackends to => to.Backends,
        ForwardingRule.EgressToAddress to => [to.Target],
        _ => ImmutableArray<IPAddress>.Empty,
    });

    private static async Task<int?> CountIptablesRulesAsync(NetfilterOptions options, CancellationToken cancellationToken)
    {
        try
        {
            using var backend = await IptablesBackend.OpenAsync(options, cancellationToken).ConfigureAwait(false);
            return await backend.CountRulesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ForwardingException)
        {
            return null;
        }
    }

    private static int? CountNftablesRules(NetfilterOptions options)
    {
        try
        {
            using var backend = new NftablesBackend(options.TailnetInterface);
            return backend.CountRules();
        }
        catch (ForwardingException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Forwarding by {Mode}; IPv6: {IPv6}.")]
    private partial void LogChosen(FirewallMode mode, bool ipv6);

    [LoggerMessage(LogLevel.Warning, "The packet filter's rules could not be removed; a later proxy in this network namespace finds and replaces them.")]
    private partial void LogLeftBehind(Exception exception);
}
