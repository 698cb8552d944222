using Fairlead.Bench.Scale;

namespace Fairlead.Bench.Figures;

/// <summary>The figures of the whole operator, with their targets and what is published of upstream's.</summary>
internal static class OperatorFigures
{
    /// <summary>Size of run that totals over all Services have targets for.</summary>
    private const int ReferenceCount = 1000;

    /// <summary>
    /// Upstream's operator 1.103 with 1,000 Services on a real API server 1.36, both on the same 2 cores; see docs/benchmarks.md.
    /// </summary>
    private static class Published
    {
        public const double Start = 1.5;
        public const double IdleRss = 66;
        public const double PeakRss = 172;
        public const double Wall = 102;
        public const double Cpu = 11.0;
        public const double Requests = 9.3;
        public const double Deletion = 245;
        public const double DeletionCpu = 12.1;
    }

    public static IEnumerable<Figure> Of(ScaleResult result, ScaleResult? baseline, int count)
    {
        double? ForReference(double value) => count == ReferenceCount ? value : null;
        Figure Line(string name, string unit, Func<ScaleResult, double?> value, double? target, double? published) =>
            new(name, unit, value(result), target, baseline is null ? null : value(baseline), published);

        yield return Line("start to first reconcile", "s", r => r.Start.TotalSeconds, 1.0, Published.Start);
        yield return Line("resident, idle", "MiB", r => r.Idle.ResidentMebibytes, null, Published.IdleRss);
        yield return Line($"{count} Services: until all StatefulSets exist", "s", r => r.Wall.TotalSeconds, ForReference(15), ForReference(Published.Wall));
        yield return Line("… until all conditions say so", "s", r => r.WallReported.TotalSeconds, null, null);
        yield return Line("… operator CPU until all StatefulSets exist", "s", r => r.Cpu.TotalSeconds, ForReference(5.5), ForReference(Published.Cpu));
        yield return Line("… operator CPU until quiet", "s", r => r.CpuSettled.TotalSeconds, null, null);
        yield return Line("… API requests per Service", "", r => r.Requests is { } tally ? tally.Total / (double)count : null, 6, Published.Requests);
        yield return Line("… auth keys per Service", "", r => r.KeysIssued / (double)count, 1, 1);
        yield return Line("… resident, peak", "MiB", r => r.Settled.PeakMebibytes, count <= ReferenceCount ? 150 : null, ForReference(Published.PeakRss));
        yield return Line("steady state: writes", "", r => r.SteadyRequests?.Writes, 0, null);
        yield return Line("… requests a minute", "", r => r.SteadyRequests is { } tally ? tally.Total / r.SteadyTime.TotalMinutes : null, null, null);
        yield return Line("… operator CPU a minute", "s", r => r.SteadyCpu.TotalSeconds / r.SteadyTime.TotalMinutes, null, null);
        yield return Line("deletion of all", "s", r => r.Deletion.TotalSeconds, ForReference(40), ForReference(Published.Deletion));
        yield return Line("… operator CPU", "s", r => r.DeletionCpu.TotalSeconds, null, ForReference(Published.DeletionCpu));
        yield return Line("… API requests per Service", "", r => r.DeletionRequests is { } tally ? tally.Total / (double)count : null, null, null);
    }

    public static IEnumerable<Figure> OfCaches(double bytesPerService, double bytesPerSecret)
    {
        yield return new Figure("live heap per cached Service", "KiB", bytesPerService / 1024, 2);
        yield return new Figure("live heap per cached Secret of a proxy", "KiB", bytesPerSecret / 1024, 4);
    }
}
