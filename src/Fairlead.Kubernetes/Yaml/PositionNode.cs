using System.Globalization;

namespace Fairlead.Kubernetes.Yaml;

/// <summary>Position of a value and of what is below it.</summary>
internal sealed class PositionNode(SourcePosition position)
{
    private Dictionary<string, PositionNode>? _entries;
    private List<PositionNode>? _items;

    public SourcePosition Position { get; } = position;

    public void Add(string key, PositionNode child) => (_entries ??= [])[key] = child;

    public void Add(PositionNode child) => (_items ??= []).Add(child);

    public PositionNode? Find(string segment)
    {
        if (_entries is not null)
            return _entries.GetValueOrDefault(segment);

        return _items is not null
            && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < _items.Count
                ? _items[index]
                : null;
    }

    /// <summary>What an alias brings is written where the anchor is; the alias itself is somewhere else.</summary>
    public PositionNode At(SourcePosition elsewhere) => new(elsewhere) { _entries = _entries, _items = _items };
}
