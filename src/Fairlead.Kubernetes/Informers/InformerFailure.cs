using System.Net;
using System.Text.Json;
using Fairlead.Kubernetes.Client;

namespace Fairlead.Kubernetes.Informers;

/// <summary>What went wrong with a list or watch, what it means and what to do about it.</summary>
/// <param name="Reason">Short and of few values, for metrics.</param>
/// <param name="Problem">For people: what, where, remedy.</param>
/// <param name="Relist">The point to resume from is lost.</param>
internal sealed record InformerFailure(InformerPhase Phase, string Reason, string Problem, bool Relist, TimeSpan? RetryAfter)
{
    public static InformerFailure Of(Exception failure, string group, string plural, InformerScope scope)
    {
        var what = group.Length == 0 ? plural : $"{plural}.{group}";
        if (failure is not KubernetesApiException api)
        {
            var reason = failure is KubernetesConnectionException ? "connection" : failure is JsonException or InvalidDataException ? "decoding" : "other";
            return new(InformerPhase.Failing, reason, $"{what} ({scope}): {failure.Message}", Relist: false, null);
        }

        var text = $"{what} ({scope}): {api.Message}";
        return api switch
        {
            { IsUnauthorized: true } => new(
                InformerPhase.Refused, "unauthorized", $"{text} The credentials are missing, expired or unknown to the API server; renew them.", false, api.RetryAfter),
            { IsForbidden: true } => new(
                InformerPhase.Refused, "forbidden", $"{text} Grant it: {MissingRule(group, plural, scope)}.", false, api.RetryAfter),
            { IsNotFound: true } => new(
                InformerPhase.Absent, "absent", $"{what}: the API server does not serve this type; install its CustomResourceDefinition to use it.", false, api.RetryAfter),
            { IsGone: true } or { Reason: "Expired" } => new(InformerPhase.Failing, "expired", text, true, api.RetryAfter),
            { IsTooManyRequests: true } => new(InformerPhase.Failing, "throttled", text, false, api.RetryAfter),
            { StatusCode: >= HttpStatusCode.InternalServerError } => new(InformerPhase.Failing, "server", text, false, api.RetryAfter),
            _ => new(InformerPhase.Failing, "rejected", text, false, api.RetryAfter),
        };
    }

    private static string MissingRule(string group, string plural, InformerScope scope) =>
        $"a {(scope.Namespace is null ? "ClusterRole" : $"Role in namespace {scope.Namespace}")} with apiGroups [\"{group}\"], resources [\"{plural}\"], verbs [\"list\",\"watch\"]";
}
