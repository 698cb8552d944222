using System.Globalization;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Tailnet;

/// <summary>What a <see cref="PacedFlow"/> carried.</summary>
/// <param name="AllocatedBytes">On the managed heap, by all threads.</param>
internal sealed record FlowResult(long Packets, long Lost, TimeSpan Elapsed, long AllocatedBytes)
{
    public IReadOnlyList<MeasuredFigure> Figures(string name, int packetSize)
    {
        var perSecond = Packets / Elapsed.TotalSeconds;
        var note = string.Create(CultureInfo.InvariantCulture, $"{packetSize} bytes each, {Lost} lost, {(double)AllocatedBytes / Math.Max(1, Packets):0.###} bytes allocated per packet");
        return [new MeasuredFigure(name, "Gbit/s", perSecond * packetSize * 8 / 1e9, note), new MeasuredFigure(name, "kpackets/s", perSecond / 1e3)];
    }
}
