using System.Globalization;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public sealed record PortRange(long First, long Last)
{
    /// <summary>The range as written; not necessarily in order or within what a port can be.</summary>
    public static PortRange Of(ProxyClassPortRange range) =>
        new(range.Port ?? 0, range.EndPort is null or 0 ? range.Port ?? 0 : range.EndPort.Value);

    public bool Contains(PortRange other) => First <= other.First && other.Last <= Last;

    public bool Overlaps(PortRange other) => First <= other.Last && other.First <= Last;

    public override string ToString() => First == Last
        ? First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
