namespace Fairlead.Kubernetes.Queueing;

/// <summary>
/// Binary min-heap whose nodes know their place, so that any node can be moved or removed in O(log n). The framework's
/// <c>PriorityQueue</c> finds a node only by scanning; leaving replaced nodes in it instead would keep hours of
/// cancelled delays in memory.
/// </summary>
internal sealed class IndexedHeap<TNode>
    where TNode : class
{
    private readonly Func<TNode, TNode, bool> _before;
    private readonly Action<TNode, int> _place;
    private readonly List<TNode> _nodes = [];

    /// <param name="before">Whether the first node comes out before the second.</param>
    /// <param name="place">Tells a node its index; −1 when it left the heap.</param>
    public IndexedHeap(Func<TNode, TNode, bool> before, Action<TNode, int> place)
    {
        _before = before;
        _place = place;
    }

    public int Count => _nodes.Count;

    public TNode Peek() => _nodes[0];

    public void Add(TNode node)
    {
        _nodes.Add(node);
        SiftUp(_nodes.Count - 1);
    }

    public TNode Pop()
    {
        var first = _nodes[0];
        RemoveAt(0);
        return first;
    }

    public void RemoveAt(int index)
    {
        var removed = _nodes[index];
        var last = _nodes[^1];
        _nodes.RemoveAt(_nodes.Count - 1);
        if (index < _nodes.Count)
        {
            _nodes[index] = last;
            Moved(index);
        }

        _place(removed, -1);
    }

    /// <summary>Restores order after the node at this index changed its rank.</summary>
    public void Moved(int index)
    {
        if (SiftUp(index) == index)
        {
            SiftDown(index);
        }
    }

    public void Clear()
    {
        foreach (var node in _nodes)
        {
            _place(node, -1);
        }

        _nodes.Clear();
    }

    private int SiftUp(int index)
    {
        var node = _nodes[index];
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!_before(node, _nodes[parent]))
            {
                break;
            }

            Put(_nodes[parent], index);
            index = parent;
        }

        Put(node, index);
        return index;
    }

    private void SiftDown(int index)
    {
        var node = _nodes[index];
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _nodes.Count)
            {
                break;
            }

            if (child + 1 < _nodes.Count && _before(_nodes[child + 1], _nodes[child]))
            {
                child++;
            }

            if (!_before(_nodes[child], node))
            {
                break;
            }

            Put(_nodes[child], index);
            index = child;
        }

        Put(node, index);
    }

    private void Put(TNode node, int index)
    {
        _nodes[index] = node;
        _place(node, index);
    }
}
