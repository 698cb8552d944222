using System.Collections.Immutable;
using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Planning;

namespace Fairlead.Proxy.Netfilter.Iptables;

/// <summary>Brings rules into the kernel through the programs iptables and ip6tables.</summary>
internal sealed class IptablesBackend : IPacketRuleBackend
{
    private readonly ImmutableArray<(AddressFamily Family, IptablesProgram Program)> _programs;
    private readonly string _tailnetInterface;

    private IptablesBackend(ImmutableArray<(AddressFamily Family, IptablesProgram Program)> programs, string tailnetInterface)
    {
        _programs = programs;
        _tailnetInterface = tailnetInterface;
    }

    public bool TranslatesIPv6 => _programs.Any(program => program.Family == AddressFamily.InterNetworkV6);

    /// <summary>IPv6 is left out where ip6tables cannot list its table for address translation.</summary>
    /// <exception cref="ForwardingException">iptables does not work.</exception>
    public static async Task<IptablesBackend> OpenAsync(NetfilterOptions options, CancellationToken cancellationToken)
    {
        var four = new IptablesProgram(options.IptablesProgram);
        await four.ListAsync(IptablesRendering.NatTable, cancellationToken).ConfigureAwait(false);
        var programs = ImmutableArray.Create((AddressFamily.InterNetwork, four));
        var six = new IptablesProgram(options.Ip6tablesProgram);
        try
        {
            await six.ListAsync(IptablesRendering.NatTable, cancellationToken).ConfigureAwait(false);
            programs = programs.Add((AddressFamily.InterNetworkV6, six));
        }
        catch (ForwardingException)
        {
            // A kernel or an image without IPv6: the forwarder says so as soon as a rule needs it.
        }

        return new IptablesBackend(programs, options.TailnetInterface);
    }

    /// <summary>How many rules of any kind are there, in the tables that proxies use.</summary>
    /// <exception cref="ForwardingException">iptables does not work.</exception>
    public async Task<int> CountRulesAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var (_, program) in _programs)
        {
            foreach (var table in (string[])["filter", .. IptablesChanges.Tables])
            {
                count += (await program.ListAsync(table, cancellationToken).ConfigureAwait(false)).Length;
            }
        }

        return count;
    }

    public async Task ReplaceAsync(ImmutableArray<PacketRuleGroup> groups, CancellationToken cancellationToken)
    {
        foreach (var (family, program) in _programs)
        {
            var present = new List<IptablesRule>();
            foreach (var table in IptablesChanges.Tables)
            {
                present.AddRange(await program.ListAsync(table, cancellationToken).ConfigureAwait(false));
            }

            var lines = IptablesChanges.Between(present, [.. groups.Where(group => group.Rules[0].Family == family)], _tailnetInterface);
            if (lines.Length > 0)
            {
                await program.RestoreAsync(lines, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        // Programs are run for each call; nothing is held between.
    }
}
