namespace Fairlead.Tailnet.Protocol.Control.Registration;

/// <summary>How the owner of a node logged in. A tagged node's login name is the node's own full name.</summary>
public sealed record Login
{
    public long ID { get; init; }

    public string Provider { get; init => field = value ?? ""; } = "";

    public string LoginName { get; init => field = value ?? ""; } = "";

    public string DisplayName { get; init => field = value ?? ""; } = "";

    public string ProfilePicURL { get; init => field = value ?? ""; } = "";
}
