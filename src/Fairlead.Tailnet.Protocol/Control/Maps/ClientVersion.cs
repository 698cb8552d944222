namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>What the server says about the age of the program.</summary>
public sealed record ClientVersion
{
    public bool RunningLatest { get; init; }

    public string LatestVersion { get; init => field = value ?? ""; } = "";

    public bool UrgentSecurityUpdate { get; init; }

    public bool Notify { get; init; }

    public string NotifyURL { get; init => field = value ?? ""; } = "";

    public string NotifyText { get; init => field = value ?? ""; } = "";
}
