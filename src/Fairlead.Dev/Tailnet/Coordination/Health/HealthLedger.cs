namespace Fairlead.Dev.Tailnet.Coordination.Health;

/// <summary>What nodes say is wrong with them at present.</summary>
public sealed class HealthLedger
{
    // Nodes name their parts themselves, and must not fill the server's memory with names.
    private const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string NodeId, string Part), ReportedHealth> _reports = [];

    /// <param name="nodeId">Stable id of the node.</param>
    public IReadOnlyList<ReportedHealth> Of(string nodeId)
    {
        lock (_gate) return [.. _reports.Values.Where(report => report.NodeId == nodeId).OrderBy(report => report.Part, StringComparer.Ordinal)];
    }

    internal void Take(ReportedHealth report)
    {
        lock (_gate)
        {
            if (report.Error.Length == 0) _reports.Remove((report.NodeId, report.Part));
            else if (_reports.Count < Capacity || _reports.ContainsKey((report.NodeId, report.Part))) _reports[(report.NodeId, report.Part)] = report;
        }
    }
}
