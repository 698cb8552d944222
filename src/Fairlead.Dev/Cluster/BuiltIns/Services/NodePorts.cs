namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>Ports of nodes that are handed out to Services.</summary>
internal sealed class NodePorts
{
    private readonly int _first;
    private readonly int _last;
    private readonly HashSet<long> _taken = [];
    private int _next;

    public NodePorts(int first, int last) => (_first, _last, _next) = (first, last, first);

    public int? TakeNext()
    {
        for (var tried = _first; tried <= _last; tried++)
        {
            var port = _next;
            _next = _next < _last ? _next + 1 : _first;
            if (_taken.Add(port))
                return port;
        }

        return null;
    }

    /// <summary>Takes a given port; yields what speaks against it, or null.</summary>
    public string? Take(long port)
    {
        if (port < _first || port > _last)
            return $"provided port is not in the valid range. The range of valid ports is {_first}-{_last}";

        return _taken.Add(port) ? null : "provided port is already allocated";
    }

    public void GiveBack(long port) => _taken.Remove(port);
}
