using Fairlead.Dev.Tailnet.Policy.Evaluation;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>The whole tailnet at one moment: what every stream derives its node's view from. Immutable.</summary>
/// <param name="Nodes">All nodes by rising ID.</param>
/// <param name="Usable">Those that take part, by their position in <paramref name="Policy"/>.</param>
/// <param name="Policy">The policy, resolved for <paramref name="Usable"/>; the same object as before if nothing it depends on changed.</param>
/// <param name="Shared">What is the same for all nodes; the same object as before if it did not change.</param>
internal sealed record TailnetView(IReadOnlyList<NodeView> Nodes, IReadOnlyList<NodeView> Usable, PolicyView Policy, SharedView Shared)
{
    private readonly Dictionary<string, NodeView> _byNodeId = Nodes.ToDictionary(node => node.Device.NodeId);
    private readonly Dictionary<long, int> _positions = Usable.Select((node, i) => (node.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);

    public NodeView? Find(string nodeId) => _byNodeId.GetValueOrDefault(nodeId);

    /// <summary>Position in <see cref="Usable"/>; negative for a node that does not take part.</summary>
    public int PositionOf(NodeView node) => _positions.GetValueOrDefault(node.Id, -1);
}
