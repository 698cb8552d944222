using System.Text.Json.Serialization;

namespace Fairlead.Tailscale.LocalApi;

/// <summary>Where a tailscaled is on its way onto the tailnet. The numbers are those of its notifications; its status has the names.</summary>
[JsonConverter(typeof(BackendStateConverter))]
public enum BackendState
{
    NoState = 0,
    InUseOtherUser = 1,

    /// <summary>Somebody has to log in; a key that is refused may leave it in <see cref="NoState"/> as well.</summary>
    NeedsLogin = 2,

    /// <summary>An administrator of the tailnet has to approve the device.</summary>
    NeedsMachineAuth = 3,
    Stopped = 4,
    Starting = 5,
    Running = 6,
}
