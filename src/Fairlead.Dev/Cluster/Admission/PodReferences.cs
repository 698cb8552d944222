using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Admission;

/// <summary>New Pods must name a ServiceAccount and a PriorityClass that exist.</summary>
public sealed class PodReferences : IAdmission
{
    private readonly IClusterApi _api;

    public PodReferences(IClusterApi api) => _api = api;

    public IReadOnlyList<string> Admit(AdmissionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Definition is not { Group: "", Plural: "pods" } || request.Operation != "CREATE" || request.Subresource is not null)
            return [];

        var spec = request.Object.Object("spec");
        var account = spec.Text("serviceAccountName") ?? "default";
        if (_api.Get("", "serviceaccounts", request.Namespace, account) is null)
        {
            throw ApiErrors.Forbidden(
                request.Definition, request.Name,
                $"error looking up service account {request.Namespace}/{account}: serviceaccount \"{account}\" not found");
        }

        if (spec.Text("priorityClassName") is { } priorityClass && !priorityClass.StartsWith("system-", StringComparison.Ordinal) &&
            _api.Get("scheduling.k8s.io", "priorityclasses", null, priorityClass) is null)
        {
            throw ApiErrors.Forbidden(request.Definition, request.Name, $"no PriorityClass with name {priorityClass} was found");
        }

        return [];
    }
}
