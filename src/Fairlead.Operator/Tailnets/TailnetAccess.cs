using System.Collections.Immutable;
using System.Net;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Errors;

namespace Fairlead.Operator.Tailnets;

/// <summary>Whether credentials can do what the operator needs, found out by one reading call of each kind.</summary>
/// <param name="Problems">What failed, with its remedy; empty: all is well.</param>
/// <param name="MayPass">Whether all that failed says nothing about the credentials: no answer, too many calls, a failure of the server's.</param>
internal sealed record TailnetAccess(ImmutableArray<string> Problems, bool MayPass)
{
    public static async Task<TailnetAccess> TryAsync(TailscaleClient client, CancellationToken cancellationToken)
    {
        (string, Task)[] calls =
        [
            ("devices (scope devices:core)", client.Devices.ListAsync(cancellationToken)),
            ("auth keys (scope auth_keys)", client.Keys.ListAsync(ct: cancellationToken)),
            ("Tailscale Services (scope services)", client.VipServices.ListAsync(cancellationToken)),
        ];
        var problems = ImmutableArray.CreateBuilder<string>();
        var mayPass = true;
        foreach (var (what, call) in calls)
        {
            try
            {
                await call.ConfigureAwait(false);
            }
            catch (TailscaleCredentialException e)
            {
                // All three failed for this reason, so that it is said once.
                await ((Task)Task.WhenAll(calls.Select(static other => other.Item2))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return new TailnetAccess([e.Message], MayPass: e.Problem == CredentialProblem.Unreadable);
            }
            catch (TailscaleApiException e)
            {
                problems.Add($"the credentials cannot list {what}: {e.Message}");
                mayPass &= e.StatusCode is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
            }
        }

        return new TailnetAccess(problems.ToImmutable(), mayPass);
    }
}
