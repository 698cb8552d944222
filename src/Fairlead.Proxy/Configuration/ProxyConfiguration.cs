using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Configuration;

/// <summary>What a proxy is to do, as its environment says. Valid by construction: see <see cref="ProxyConfigurationReader"/>.</summary>
public sealed record ProxyConfiguration
{
    public ProxyEngine Engine { get; init; }

    public LoginCredentials Credentials { get; init; } = new();

    public string Hostname { get; init; } = "";

    /// <summary>Subnets to advertise, comma-separated; empty to advertise none; null to leave as they are.</summary>
    public string? Routes { get; init; }

    public bool AcceptDns { get; init; }

    /// <summary>Further arguments of <c>tailscale up</c>, without <c>--accept-dns</c>.</summary>
    public ImmutableArray<string> ExtraArguments { get; init; } = [];

    public ImmutableArray<string> DaemonArguments { get; init; } = [];

    /// <summary>Whether tailscaled works without a TUN device.</summary>
    public bool Userspace { get; init; } = true;

    /// <summary>Empty for none.</summary>
    public string StateDirectory { get; init; } = "";

    /// <summary>Name of the Secret that holds the device's state; empty for none.</summary>
    public string StateSecret { get; init; } = "";

    public string Socket { get; init; } = "/tmp/tailscaled.sock";

    public string SocksServer { get; init; } = "";

    public string HttpProxy { get; init; } = "";

    /// <summary>Do not log in again where the state says that the device is logged in.</summary>
    public bool AuthOnce { get; init; }

    /// <summary>Path of the serve configuration; empty for none.</summary>
    public string ServeConfigPath { get; init; } = "";

    public IPAddress? DestinationIp { get; init; }

    public string DestinationName { get; init; } = "";

    public IPAddress? TargetIp { get; init; }

    public string TargetName { get; init; } = "";

    public ImmutableArray<EgressListenPort> EgressPorts { get; init; } = [];

    /// <summary>Folder of <c>cap-N.hujson</c> files; empty for none.</summary>
    public string ConfigurationDirectory { get; init; } = "";

    public bool ClusterTrafficViaIngress { get; init; }

    public bool ForwardingOptimizations { get; init; }

    public IPEndPoint LocalAddress { get; init; } = new(IPAddress.IPv6Any, 9002);

    public bool HealthCheck { get; init; }

    public bool Metrics { get; init; }

    /// <summary>Address of a health server of its own, as older installations ask for; null for none.</summary>
    public IPEndPoint? OldHealthAddress { get; init; }

    public IPEndPoint? DebugAddress { get; init; }

    /// <summary>Folder with <c>egress-services</c> and <c>hep-pings</c>; empty for none.</summary>
    public string EgressServicesPath { get; init; } = "";

    /// <summary>Path of <c>ingress-config.json</c>; empty for none.</summary>
    public string IngressServicesPath { get; init; } = "";

    public bool CertificateShare { get; init; }

    public bool AdvertiseServices { get; init; } = true;

    /// <summary>UDP port that peers reach a managed node at; 0 for any. A tailscaled reads it itself.</summary>
    public int UdpPort { get; init; }

    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>nftables</c>, <c>iptables</c>, <c>auto</c> or empty.</summary>
    public string FirewallMode { get; init; } = "";

    public ImmutableArray<IPAddress> PodIps { get; init; } = [];

    /// <summary>The address that a Pod without a network of its own has on the machine; null for Pods that have one.</summary>
    public IPAddress? PodAddress { get; init; }

    public string PodName { get; init; } = "";

    public string PodUid { get; init; } = "";

    public bool IsInKubernetes { get; init; }

    /// <summary>Directory of the certificate authority; null for the usual one.</summary>
    public Uri? AcmeDirectory { get; init; }

    /// <summary>DNS server for the cluster's names; null for the system's resolver.</summary>
    public IPEndPoint? ClusterDns { get; init; }

    /// <summary>Domains in which <see cref="ClusterDns"/> is asked for short names, in this order.</summary>
    public ImmutableArray<string> ClusterSearch { get; init; } = [];

    public LowPorts LowPorts { get; init; }

    /// <summary>Secret in which the account at the certificate authority is shared; empty for an account of this device's own.</summary>
    public string AcmeAccountSecret { get; init; } = "";

    /// <summary>Key of the account in <see cref="AcmeAccountSecret"/>.</summary>
    public string AcmeAccountField { get; init; } = "";

    /// <summary>Whether certificates are renewed without telling the authority which one is replaced, as it may be another account's.</summary>
    public bool ForceRenewal { get; init; }

    /// <summary>
    /// Whether this Pod issues certificates that others of its ProxyGroup read: the first one does, all others would only meet the
    /// authority's limits.
    /// </summary>
    public bool IssuesSharedCertificates => CertificateShare && PodName.EndsWith("-0", StringComparison.Ordinal);
}
