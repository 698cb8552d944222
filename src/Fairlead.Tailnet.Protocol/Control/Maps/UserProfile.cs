using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Maps;

/// <summary>Owner of nodes, for people to see.</summary>
public sealed record UserProfile
{
    public long ID { get; init; }

    public string LoginName { get; init => field = value ?? ""; } = "";

    public string DisplayName { get; init => field = value ?? ""; } = "";

    public string ProfilePicURL { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string> Groups { get; init => field = WireList.Of(value); } = [];
}
