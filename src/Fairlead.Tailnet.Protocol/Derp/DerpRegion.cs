using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>Relays at one place, which know of each other's clients.</summary>
public sealed record DerpRegion
{
    public int RegionID { get; init; }

    public string RegionCode { get; init => field = value ?? ""; } = "";

    public string RegionName { get; init => field = value ?? ""; } = "";

    /// <summary>Degrees, as <see cref="Longitude"/>.</summary>
    public double Latitude { get; init; }

    public double Longitude { get; init; }

    /// <summary>Not to be chosen as home.</summary>
    public bool Avoid { get; init; }

    /// <summary>Neither measured nor chosen as home.</summary>
    public bool NoMeasureNoHome { get; init; }

    /// <summary>In the order in which to try them.</summary>
    public IReadOnlyList<DerpNode> Nodes { get; init => field = WireList.Of(value); } = [];
}
