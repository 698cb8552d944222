namespace Fairlead.Tailscale.LocalApi;

/// <summary>The owner in a <see cref="WhoIsReply"/>; of a tagged node, a stand-in for all such.</summary>
public sealed record WhoIsUser
{
    public long ID { get; init; }

    public string LoginName { get; init => field = value ?? ""; } = "";

    public string DisplayName { get; init => field = value ?? ""; } = "";

    public string ProfilePicURL { get; init => field = value ?? ""; } = "";
}
