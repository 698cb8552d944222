using Fairlead.Kubernetes.Reconciling;
using Fairlead.Tailscale.Devices;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Keys;

namespace Fairlead.Operator.Identity;

/// <summary>Carries out what plans ask of the tailnet.</summary>
public sealed class TailnetCalls(IAuthKeyIssuer keys, IDeviceDirectory devices) : IExternalCallHandler
{
    /// <returns>For <see cref="IssueAuthKeyCall"/> the key, as <see cref="Tailscale.SecretText"/>; otherwise null.</returns>
    public async ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken)
    {
        switch (call)
        {
            case IssueAuthKeyCall issue:
                var key = await keys.CreateAsync(new AuthKeyRequest { Tags = issue.Tags }, cancellationToken).ConfigureAwait(false);
                return key.Secret;
            case DeleteDeviceCall delete:
                await devices.DeleteAsync(delete.DeviceId, cancellationToken).ConfigureAwait(false);
                return null;
            default:
                throw new InvalidOperationException($"No way to carry out a {call.GetType().Name}.");
        }
    }

    public TimeSpan? RetryAfter(Exception failure) => (failure as TailscaleApiException)?.RetryAfter;
}
