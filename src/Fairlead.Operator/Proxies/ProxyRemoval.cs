using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// A removal is recorded in the parent's condition before anything goes. From then on it must run to its end, even if the parent
/// wants a proxy again meanwhile: half-removed, the Secret would pass for that of a working proxy whose device is gone.
/// </summary>
internal static class ProxyRemoval
{
    private const string Removing = "Removing";
    private const string DeviceNotDeleted = "DeviceNotDeleted";
    private const string RemovalFailed = "RemovalFailed";

    public static readonly ProxyProgress Begun = new(false, Removing, "the proxy and its device are being removed");

    /// <summary>A removal that is stuck; it counts as begun all the same.</summary>
    public static ProxyProgress Of(StepFailure failure) => new(
        false,
        failure.Step is CallStep ? DeviceNotDeleted : RemovalFailed,
        $"failed to {failure.Step.Description}: {failure.Error.Message}");

    /// <param name="progress">The condition that tells the proxy's progress; null without it.</param>
    public static bool HasBegun(Condition? progress) => IsPartOf(progress?.Reason);

    /// <summary>Whether a condition of this reason tells of a removal.</summary>
    public static bool IsPartOf(string? reason) => reason is Removing or DeviceNotDeleted or RemovalFailed
        or RemovalObstacle.PodNotEnding or RemovalObstacle.PodNotDeleted or RemovalObstacle.StatefulSetNotEnding;
}
