namespace Fairlead.Tailnet.Protocol.Control.Hosts;

/// <summary>A machine's trusted platform module.</summary>
public sealed record TpmInfo
{
    public string Manufacturer { get; init => field = value ?? ""; } = "";

    public string Vendor { get; init => field = value ?? ""; } = "";

    public int Model { get; init; }

    public ulong FirmwareVersion { get; init; }

    public int SpecRevision { get; init; }

    public string FamilyIndicator { get; init => field = value ?? ""; } = "";
}
