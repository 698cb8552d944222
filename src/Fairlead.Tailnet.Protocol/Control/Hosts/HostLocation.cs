namespace Fairlead.Tailnet.Protocol.Control.Hosts;

/// <summary>Where a node is on Earth.</summary>
public sealed record HostLocation
{
    public string Country { get; init => field = value ?? ""; } = "";

    public string CountryCode { get; init => field = value ?? ""; } = "";

    public string City { get; init => field = value ?? ""; } = "";

    public string CityCode { get; init => field = value ?? ""; } = "";

    /// <summary>Degrees, as <see cref="Longitude"/>.</summary>
    public double Latitude { get; init; }

    public double Longitude { get; init; }

    /// <summary>Of nodes that serve equally well the one of higher priority is used.</summary>
    public int Priority { get; init; }
}
