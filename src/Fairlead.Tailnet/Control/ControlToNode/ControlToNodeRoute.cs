namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>What the node does at the server's request.</summary>
/// <param name="Method">Null for any.</param>
/// <param name="Path">Exactly, e.g. <c>/debug/metrics</c>.</param>
public sealed record ControlToNodeRoute(
    string? Method, string Path, Func<ControlToNodeRequest, CancellationToken, ValueTask<ControlToNodeResponse>> Handler);
