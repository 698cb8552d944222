using System.Collections.Immutable;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Netlink;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>Brings rules into nf_tables, all changes of one call at once.</summary>
internal sealed class NftablesBackend : IPacketRuleBackend
{
    // Others, tailscaled first of all, change rules at their own times; the change is then made anew on what they left.
    private const int CommitAttempts = 20;

    private readonly NftClient _client;
    private readonly string _tailnetInterface;

    /// <exception cref="ForwardingException">The kernel has no nf_tables, or does not let this process use it.</exception>
    public NftablesBackend(string tailnetInterface)
    {
        _tailnetInterface = tailnetInterface;
        _client = Reached(() => new NftClient());
        try
        {
            // A socket is had without any right, and from a kernel without nf_tables.
            Reached(_client.Read);
        }
        catch
        {
            _client.Dispose();
            throw;
        }
    }

    public bool TranslatesIPv6 => true;

    /// <summary>How many rules of any kind are there.</summary>
    /// <exception cref="ForwardingException">The kernel refuses.</exception>
    public int CountRules() => Reached(_client.Read).Rules.Length;

    public Task ReplaceAsync(ImmutableArray<PacketRuleGroup> groups, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var present = Reached(_client.Read);
            try
            {
                _client.Commit(present.Generation, NftChanges.Between(present, groups, _tailnetInterface));
                return Task.CompletedTask;
            }
            catch (NetlinkException e) when (e.Error == NetlinkException.Stale && attempt < CommitAttempts)
            {
                // Read again.
            }
            catch (NftRefusedException e)
            {
                throw new ForwardingException($"nftables: {e.Message}. {Remedy(e.Error)}", e);
            }
            catch (NetlinkException e)
            {
                throw new ForwardingException($"nftables: the rules cannot be set: {e.Message}. {Remedy(e.Error)}", e);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static T Reached<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (NetlinkException e)
        {
            throw new ForwardingException($"nftables: the kernel's packet filter cannot be reached: {e.Message}. {Remedy(e.Error)}", e);
        }
        catch (IOException e)
        {
            throw new ForwardingException($"nftables: {e.Message} Find out what keeps changing them in this network namespace.", e);
        }
    }

    private static string Remedy(int error) => error switch
    {
        NetlinkException.NotPermitted => "Give the container the capability NET_ADMIN.",
        NetlinkException.NoEntry => "Load the kernel modules nft_nat, nft_chain_nat and nft_numgen on the node, or set TS_DEBUG_FIREWALL_MODE=iptables.",
        NetlinkException.NotSupported or NetlinkException.ProtocolNotSupported or NetlinkException.Invalid =>
            "Use a kernel with nf_tables and NAT (5.2 or later), or set TS_DEBUG_FIREWALL_MODE=iptables.",
        NetlinkException.TooLong => "Raise net.core.wmem_max on the node, or spread the services over more proxies.",
        _ => "Look at 'nft list ruleset' in the Pod's network namespace, or set TS_DEBUG_FIREWALL_MODE=iptables.",
    };
}
