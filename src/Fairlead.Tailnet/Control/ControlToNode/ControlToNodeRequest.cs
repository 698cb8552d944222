namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>An HTTP request of the coordination server to the node.</summary>
public sealed record ControlToNodeRequest
{
    public required string Method { get; init; }

    /// <summary>Without query.</summary>
    public required string Path { get; init; }

    /// <summary>Without the question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>By name in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public ReadOnlyMemory<byte> Body { get; init; }
}
