namespace Fairlead.Tailscale.LocalApi;

/// <summary>How a tailscaled is set; the node's keys are left out.</summary>
public sealed record Preferences
{
    public string ControlURL { get; init => field = value ?? ""; } = "";

    public bool RouteAll { get; init; }

    public string ExitNodeID { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the system's DNS is the tailnet's.</summary>
    public bool CorpDNS { get; init; }

    public bool RunSSH { get; init; }

    public bool WantRunning { get; init; }

    public bool LoggedOut { get; init; }

    public bool ShieldsUp { get; init; }

    public IReadOnlyList<string>? AdvertiseTags { get; init; }

    public string Hostname { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string>? AdvertiseRoutes { get; init; }

    /// <summary>Names of the Tailscale Services that the device offers to serve, as <c>svc:web</c>.</summary>
    public IReadOnlyList<string>? AdvertiseServices { get; init; }

    public bool NoSNAT { get; init; }

    public bool? NoStatefulFiltering { get; init; }

    /// <summary>0 off, 1 without diverting, 2 on.</summary>
    public int NetfilterMode { get; init; }
}
