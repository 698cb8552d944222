using System.Net;
using Fairlead.Tailnet.Control.Registration;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Nodes;

/// <summary>How a <see cref="TailnetNode"/> is set up. Immutable; its text never contains the auth key.</summary>
public sealed record TailnetNodeOptions
{
    /// <summary>The coordination server.</summary>
    public Uri ControlUrl { get; init; } = new("https://controlplane.tailscale.com");

    /// <summary>
    /// An auth key (<c>tskey-auth-…</c>), or an OAuth client's secret (<c>tskey-client-…</c>), for a node that the server does not know yet;
    /// empty to have a user log in.
    /// </summary>
    public string AuthKey { get; init; } = "";

    /// <summary>Makes auth keys with an OAuth client's secret; needed only if <see cref="AuthKey"/> is one.</summary>
    public AuthKeyIssuer? AuthKeyIssuer { get; init; }

    /// <summary>Told where a user has to log in, when nothing else lets the node in.</summary>
    public Action<Uri>? LoginRequired { get; init; }

    /// <summary>Wished-for host name; the machine's if empty. The server makes it unique.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Where the node's identity is kept between runs. By default nowhere: every start is a new node, which ephemeral nodes should be.</summary>
    public INodeStateStore State { get; init; } = new MemoryNodeStateStore();

    /// <summary>Whether the server forgets the node soon after it goes.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Tags to bear, as <c>tag:name</c>; the auth key or the policy must allow them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Subnets to lead peers to; each must be approved.</summary>
    public IReadOnlyList<IPNetwork> AdvertiseRoutes { get; init; } = [];

    /// <summary>Offer to lead peers to the rest of the internet.</summary>
    public bool AdvertiseExitNode { get; init; }

    /// <summary>Tailscale Services to host, as <c>svc:name</c>, besides those that <see cref="TailnetNode.ListenServiceAsync"/> adds.</summary>
    public IReadOnlyList<string> AdvertiseServices { get; init; } = [];

    /// <summary>Whether to use subnets that peers lead to.</summary>
    public bool AcceptRoutes { get; init; }

    /// <summary>Name or address of the peer that leads to the rest of the internet; empty for none.</summary>
    public string ExitNode { get; init; } = "";

    /// <summary>Let no peer begin a connection.</summary>
    public bool ShieldsUp { get; init; }

    /// <summary>Send everything over relays, as a network that lets no UDP through would make it.</summary>
    public bool RelayOnly { get; init; }

    /// <summary>Where peers may reach the node besides where it finds out itself, as at a port that a router or another machine forwards.</summary>
    public IReadOnlyList<IPEndPoint> StaticEndpoints { get; init; } = [];

    /// <summary>UDP port to be reached at; 0 for any.</summary>
    public int UdpPort { get; init; }

    /// <summary>Name of the TUN device through which the whole system uses the tailnet (Linux, CAP_NET_ADMIN); empty for a stack of the node's own.</summary>
    public string TunDevice { get; init; } = "";

    /// <summary>
    /// Of connections that are dialled, and of accepted ones whose listener has no options of its own. Behind a TUN device, where connections
    /// are the system's, only keep-alives are taken from it.
    /// </summary>
    public TcpConnectionOptions Connections { get; init; } = TcpConnectionOptions.Default;

    /// <summary>What the program is, for the administrator's eyes.</summary>
    public string App { get; init; } = "";

    /// <summary>Directory of the certificate authority (RFC 8555).</summary>
    public Uri CertificateAuthority { get; init; } = new("https://acme-v02.api.letsencrypt.org/directory");

    /// <summary>Where certificates are kept; null for where the identity is.</summary>
    public ICertificateStore? Certificates { get; init; }

    /// <summary>
    /// Whether a renewal tells the authority which certificate it replaces (RFC 9773, 5), for which it makes exceptions to its limits; not
    /// where the certificate may be of another account.
    /// </summary>
    public bool OrdersNameReplacedCertificate { get; init; } = true;

    /// <summary>Longest time that stopping takes.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Puts something between the paths and the tunnel, for tests of networks that are rough.</summary>
    internal Func<IDatagramReceiver, IDatagramReceiver>? Impairment { get; init; }

    /// <summary>Takes another UDP port whenever the network changed, for tests of roaming.</summary>
    internal bool Roams { get; init; }

    public override string ToString() => $"{nameof(TailnetNodeOptions)} of '{Hostname}' with {ControlUrl}";
}
