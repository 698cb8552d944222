namespace Fairlead.Bench.Processes;

/// <summary>What a group of processes has used so far.</summary>
/// <param name="Cpu">Processor time, of user and system.</param>
/// <param name="Resident">Bytes resident now.</param>
/// <param name="PeakResident">Sum of the processes' highest resident sizes, in bytes.</param>
internal readonly record struct ProcessSample(TimeSpan Cpu, long Resident, long PeakResident)
{
    public double ResidentMebibytes => Resident / (1024.0 * 1024.0);

    public double PeakMebibytes => PeakResident / (1024.0 * 1024.0);
}
