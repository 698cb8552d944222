using System.Text.Json.Nodes;
using Fairlead.Proxy.Devices;

namespace Fairlead.Proxy.State;

/// <summary>
/// Tells the operator of the device. Its ID comes before any rule exists, so that a device that fails is cleaned up all the same; its name and
/// addresses after the rules, so that nobody is led to a proxy that forwards nothing.
/// </summary>
/// <param name="forgetsKey">Whether the auth key in the state Secret has served its purpose once the device is in.</param>
internal sealed class DeviceReport(IProxyState state, bool forgetsKey)
{
    private string _toldId = "";
    private string _toldEndpoints = "";

    public async Task TellIdAsync(DeviceSnapshot device, CancellationToken cancellationToken)
    {
        if (device.StableId.Length > 0 && device.StableId != _toldId)
        {
            var values = new Dictionary<string, string?>(StringComparer.Ordinal) { [StateKeys.DeviceId] = device.StableId };
            if (forgetsKey)
            {
                values[StateKeys.AuthKey] = null;
            }

            await state.WriteAsync(values, cancellationToken).ConfigureAwait(false);
            _toldId = device.StableId;
        }
    }

    public async Task TellEndpointsAsync(DeviceSnapshot device, CancellationToken cancellationToken)
    {
        if (device.Fqdn.Length == 0)
        {
            return;
        }

        var addresses = new JsonArray([.. device.Addresses.Select(address => (JsonNode)address.ToString())]).ToJsonString();
        var endpoints = $"{device.Fqdn} {addresses}";
        if (endpoints != _toldEndpoints)
        {
            await state.WriteAsync(
                new Dictionary<string, string?>(StringComparer.Ordinal) { [StateKeys.DeviceFqdn] = device.Fqdn, [StateKeys.DeviceIps] = addresses },
                cancellationToken).ConfigureAwait(false);
            _toldEndpoints = endpoints;
        }
    }
}
