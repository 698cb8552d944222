namespace Fairlead.Dev.Cel.Syntax;

/// <summary>A node of the syntax tree, with macros already expanded.</summary>
/// <param name="Position">The offset in the source an error about this node points at.</param>
/// <param name="Depth">The longest way down to a leaf; bounded, so that recursion over the tree is.</param>
internal abstract record CelNode(int Position, int Depth)
{
    protected static int DepthOver(params ReadOnlySpan<CelNode?> children)
    {
        var deepest = 0;
        foreach (var child in children)
            deepest = Math.Max(deepest, child?.Depth ?? 0);
        return deepest + 1;
    }
}
