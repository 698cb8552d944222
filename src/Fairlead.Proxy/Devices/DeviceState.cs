namespace Fairlead.Proxy.Devices;

/// <summary>Where a device is on its way onto the tailnet.</summary>
public enum DeviceState
{
    Starting,

    /// <summary>What it was given to log in with is refused, or it was given nothing.</summary>
    NeedsLogin,

    /// <summary>An administrator has to approve it.</summary>
    NeedsMachineAuth,
    Running,
    Stopped,
}
