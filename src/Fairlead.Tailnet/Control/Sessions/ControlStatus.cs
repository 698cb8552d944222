using Fairlead.Tailnet.Protocol.Control.Registration;

namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>How the node stands with its coordination server, at one moment.</summary>
public sealed record ControlStatus
{
    public ControlState State { get; init; }

    /// <summary>Whether the map stream is open and has brought a map.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Where a user has to log in; empty if nobody has to.</summary>
    public string AuthUrl { get; init; } = "";

    /// <summary>What went wrong last; empty once it is well again.</summary>
    public string Error { get; init; } = "";

    /// <summary>Page that the server wants people to see; empty for none.</summary>
    public string BrowseUrl { get; init; } = "";

    /// <summary>Owner as of the registration; the network map's profiles are newer.</summary>
    public User? User { get; init; }

    public Login? Login { get; init; }
}
