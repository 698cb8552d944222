using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>New connections go to another destination than they were sent to.</summary>
internal sealed record DestinationTranslation(TranslationPurpose Purpose, IPAddress To) : PacketRule
{
    /// <summary>Takes only what was sent here; null for everything.</summary>
    public IPAddress? SentTo { get; init; }

    /// <summary>Leaves alone what comes in from the tailnet.</summary>
    public bool ExceptFromTailnet { get; init; }

    /// <summary>Takes one port only and changes it.</summary>
    public PortMap? Ports { get; init; }

    /// <summary>Takes a share of the connections only.</summary>
    public BackendShare? Share { get; init; }

    /// <summary>The Service for which it is done; empty if for none in particular.</summary>
    public string Service { get; init; } = "";

    public override AddressFamily Family => To.AddressFamily;
}
