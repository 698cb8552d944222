namespace Fairlead.Proxy.Netfilter.Planning;

/// <summary>Which of several backends a rule leads to.</summary>
/// <param name="Index">From 0.</param>
internal sealed record BackendShare(int Index, int Count)
{
    /// <summary>
    /// Of the connections that the rules before have left over, the rule takes one in so many. That makes equal shares: of three
    /// backends the first takes a third, the second half of the rest, the last all that remains.
    /// </summary>
    public int OneIn => Count - Index;

    public override string ToString() => $"{Index + 1}/{Count}";
}
