namespace Fairlead.Proxy.Devices;

/// <summary>Where a device is on its way onto the tailnet.</summary>
public enum DeviceState
{
    Starting,
    NeedsLogin,
    NeedsMachineAuth,
    Running,
    Stopped,
}
