namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>How the node stands with its coordination server.</summary>
public enum ControlState
{
    /// <summary>No answer yet.</summary>
    Starting,

    /// <summary>A user has to log in at <see cref="ControlStatus.AuthUrl"/>, or another auth key is needed: <see cref="ControlStatus.Error"/> says why.</summary>
    NeedsLogin,

    /// <summary>An administrator has to approve the machine.</summary>
    NeedsMachineAuthorization,

    /// <summary>The machine is a node of the tailnet; <see cref="ControlStatus.IsConnected"/> says whether the server tells changes just now.</summary>
    Running,

    /// <summary>The node is no more.</summary>
    LoggedOut,
}
