using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>Where to find the coordination server without DNS.</summary>
public sealed record ControlDialPlan
{
    /// <summary>An empty list means to use DNS again.</summary>
    public IReadOnlyList<ControlIPCandidate> Candidates { get; init => field = WireList.Of(value); } = [];
}
