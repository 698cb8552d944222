namespace Fairlead.Dev.Tailnet.Coordination.NodeCalls;

/// <summary>A node's HTTP answer to a call of the server.</summary>
public sealed record NodeReply(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
