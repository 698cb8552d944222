using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>The first answer to a ping.</summary>
/// <param name="Via">The path that was pinged.</param>
/// <param name="Latency">Round trip.</param>
public readonly record struct PathPong(PathAddress Via, TimeSpan Latency);
