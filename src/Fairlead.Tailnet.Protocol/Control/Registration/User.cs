namespace Fairlead.Tailnet.Protocol.Control.Registration;

/// <summary>Owner of a node.</summary>
public sealed record User
{
    public long ID { get; init; }

    public string DisplayName { get; init => field = value ?? ""; } = "";

    public string ProfilePicURL { get; init => field = value ?? ""; } = "";

    public DateTimeOffset Created { get; init; }
}
