namespace Fairlead.Tailscale.Devices;

/// <summary>Finds and removes devices of the tailnet.</summary>
public interface IDeviceDirectory
{
    /// <param name="id">The stable node id (or the older numeric id).</param>
    /// <param name="ct">Ends the call.</param>
    /// <returns>The device; null if the tailnet has none of this id.</returns>
    Task<Device?> GetAsync(string id, CancellationToken ct = default);

    /// <summary>Removes the device. That it is gone already is success.</summary>
    /// <param name="id">The stable node id (or the older numeric id).</param>
    /// <param name="ct">Ends the call.</param>
    Task<DeleteOutcome> DeleteAsync(string id, CancellationToken ct = default);
}
