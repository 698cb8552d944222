namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>State of tailnet lock at the server.</summary>
public sealed record TailnetLockInfo
{
    public string Head { get; init => field = value ?? ""; } = "";

    public bool Disabled { get; init; }
}
