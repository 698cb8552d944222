using System.Text.Json.Serialization;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Hosts;

/// <summary>What a node tells about itself. Null booleans are unknown.</summary>
public sealed record Hostinfo
{
    /// <summary>Version of the program.</summary>
    public string IPNVersion { get; init => field = value ?? ""; } = "";

    public string FrontendLogID { get; init => field = value ?? ""; } = "";

    /// <summary>Identifies the installation; servers may require it.</summary>
    public string BackendLogID { get; init => field = value ?? ""; } = "";

    public string OS { get; init => field = value ?? ""; } = "";

    public string OSVersion { get; init => field = value ?? ""; } = "";

    public bool? Container { get; init; }

    /// <summary>Environment, e.g. <c>k8s</c>.</summary>
    public string Env { get; init => field = value ?? ""; } = "";

    public string Distro { get; init => field = value ?? ""; } = "";

    public string DistroVersion { get; init => field = value ?? ""; } = "";

    public string DistroCodeName { get; init => field = value ?? ""; } = "";

    /// <summary>Program that embeds the node, e.g. <c>k8s-operator-proxygroup-egress</c>.</summary>
    public string App { get; init => field = value ?? ""; } = "";

    public bool? Desktop { get; init; }

    public string Package { get; init => field = value ?? ""; } = "";

    public string DeviceModel { get; init => field = value ?? ""; } = "";

    public string PushDeviceToken { get; init => field = value ?? ""; } = "";

    /// <summary>Wished-for name; the server makes it unique.</summary>
    public string Hostname { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the node takes no connections.</summary>
    public bool ShieldsUp { get; init; }

    public bool ShareeNode { get; init; }

    public bool NoLogsNoSupport { get; init; }

    public bool RemoteConfig { get; init; }

    public bool WireIngress { get; init; }

    public bool IngressEnabled { get; init; }

    public bool AllowsUpdate { get; init; }

    /// <summary>Processor of the machine, as <c>uname</c> names it.</summary>
    public string Machine { get; init => field = value ?? ""; } = "";

    public string GoArch { get; init => field = value ?? ""; } = "";

    public string GoArchVar { get; init => field = value ?? ""; } = "";

    public string GoVersion { get; init => field = value ?? ""; } = "";

    /// <summary>Routes the node would serve: subnets, and for an exit node the default routes.</summary>
    public IReadOnlyList<IPPrefix> RoutableIPs { get; init => field = WireList.Of(value); } = [];

    /// <summary>Tags the node wants to bear.</summary>
    public IReadOnlyList<string> RequestTags { get; init => field = WireList.Of(value); } = [];

    public IReadOnlyList<string> WoLMACs { get; init => field = WireList.Of(value); } = [];

    /// <summary>Ports of interest, among them those of the peer API.</summary>
    public IReadOnlyList<HostService> Services { get; init => field = WireList.Of(value); } = [];

    public NetInfo? NetInfo { get; init; }

    [JsonPropertyName("sshHostKeys")]
    public IReadOnlyList<string> SshHostKeys { get; init => field = WireList.Of(value); } = [];

    public string Cloud { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the node has a network stack of its own instead of the kernel's.</summary>
    public bool? Userspace { get; init; }

    public bool? UserspaceRouter { get; init; }

    public bool? AppConnector { get; init; }

    /// <summary>See <see cref="Control.Services.ServicesHash"/>; empty if none is advertised.</summary>
    public string ServicesHash { get; init => field = value ?? ""; } = "";

    public bool PeerRelay { get; init; }

    /// <summary>Stable ID of the exit node in use.</summary>
    public string ExitNodeID { get; init => field = value ?? ""; } = "";

    public HostLocation? Location { get; init; }

    public TpmInfo? TPM { get; init; }

    public bool? StateEncrypted { get; init; }
}
