using Fairlead.Tailscale;

namespace Fairlead.Operator.Identity;

/// <summary>Removes a device from the tailnet; one that is gone already counts as removed.</summary>
public sealed record DeleteDeviceCall(string DeviceId) : TailnetCall
{
    protected override string Purpose => $"delete device {DeviceId}";

    internal override async ValueTask<object?> MakeAsync(TailscaleClient client, CancellationToken cancellationToken)
    {
        await client.Devices.DeleteAsync(DeviceId, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
