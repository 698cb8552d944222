using Fairlead.Kubernetes.Reconciling;

namespace Fairlead.Operator.Identity;

/// <summary>Removes a device from the tailnet; one that is gone already counts as removed.</summary>
public sealed record DeleteDeviceCall(string DeviceId) : ExternalCall
{
    public override string Identity => $"delete device {DeviceId}";
}
