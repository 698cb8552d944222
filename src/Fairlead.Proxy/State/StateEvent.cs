using Fairlead.Kubernetes.Events;

namespace Fairlead.Proxy.State;

/// <summary>What happened to a device's state; reasons and sentences are those of a tailscaled. And what is wrong with what it is to serve.</summary>
internal sealed record StateEvent(EventType Type, string Reason, string Message)
{
    public static StateEvent Loaded { get; } = new(EventType.Normal, "TailscaleStateLoaded", "Successfully loaded tailscaled state from Secret");

    public static StateEvent Updated { get; } = new(EventType.Normal, "TailscaledStateUpdated", "Successfully updated tailscaled state Secret");

    public static StateEvent LoadFailed(string why) => new(EventType.Warning, "TailscaleStateLoadFailed", why);

    public static StateEvent UpdateFailed(string why) => new(EventType.Warning, "TailscaleStateUpdateFailed", why);

    public static StateEvent ServeConfigRefused(string why) => new(EventType.Warning, "ServeConfigRefused", why);
}
