using System.Text.RegularExpressions;

namespace Fairlead.Dev.Tailnet.Faults;

/// <summary>The faults to come. The first that matches a call counts it, and strikes once it has spared enough of them.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Faults that have strikes left.</summary>
    public int Pending
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate) _entries.Add(new Entry(fault));
    }

    public void Clear()
    {
        lock (_gate) _entries.Clear();
    }

    internal Fault? Next(string method, string path)
    {
        lock (_gate)
        {
            var entry = _entries.Find(e => e.Matches(method, path));
            if (entry is null || entry.Seen++ < entry.Fault.Skip) return null;
            if (entry.Seen >= entry.Fault.Skip + entry.Fault.Times) _entries.Remove(entry);
            return entry.Fault;
        }
    }

    private sealed class Entry(Fault fault)
    {
        private readonly Regex _path = new(fault.Path, RegexOptions.CultureInvariant);

        public Fault Fault { get; } = fault;

        public int Seen { get; set; }

        public bool Matches(string method, string path) =>
            (Fault.Method == "*" || Fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase)) && _path.IsMatch(path);
    }
}
