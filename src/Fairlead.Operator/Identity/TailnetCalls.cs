using Fairlead.Kubernetes.Reconciling;
using Fairlead.Tailscale.Devices;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Keys;

namespace Fairlead.Operator.Identity;

/// <summary>Carries out what plans ask of the tailnet.</summary>
public sealed class TailnetCalls(IAuthKeyIssuer keys, IDeviceDirectory devices) : IExternalCallHandler
{
    /// <returns>For <see cref="IssueAuthKeyCall"/> an <see cref="AuthKey"/>; otherwise null.</returns>
    public async ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken)
    {
        switch (call)
        {
            case IssueAuthKeyCall issue:
                return await keys.CreateAsync(new AuthKeyRequest { Tags = issue.Tags }, cancellationToken).ConfigureAwait(false);
            case DeleteDeviceCall delete:
                await devices.DeleteAsync(delete.DeviceId, cancellationToken).ConfigureAwait(false);
                return null;
            default:
                throw new InvalidOperationException($"No way to carry out a {call.GetType().Name}.");
        }
    }

    /// <summary>Revokes an auth key that found no Secret.</summary>
    public async ValueTask DiscardAsync(ExternalCall call, object result, CancellationToken cancellationToken)
    {
        if (result is AuthKey key)
        {
            await keys.DeleteAsync(key.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    public TimeSpan? RetryAfter(Exception failure) => (failure as TailscaleApiException)?.RetryAfter;
}
