namespace Fairlead.Tailnet.Protocol.Control.Filters;

/// <summary>Ports of one or many destinations.</summary>
public sealed record NetPortRange
{
    /// <summary><c>*</c>, an address, a prefix or a range <c>a-b</c>.</summary>
    public string IP { get; init => field = value ?? ""; } = "";

    /// <summary>Prefix length of <see cref="IP"/>, as older servers write it.</summary>
    public int? Bits { get; init; }

    public PortRange Ports { get; init; }
}
