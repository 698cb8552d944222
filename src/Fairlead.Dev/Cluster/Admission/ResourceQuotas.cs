using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Admission;

/// <summary>Refuses to create more objects in a namespace than its ResourceQuotas allow.</summary>
public sealed class ResourceQuotas : IAdmission
{
    private readonly IClusterApi _api;

    public ResourceQuotas(IClusterApi api) => _api = api;

    public IReadOnlyList<string> Admit(AdmissionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is not { Operation: "CREATE", Subresource: null, Definition.Namespaced: true })
            return [];
        foreach (var quota in _api.List("", "resourcequotas", request.Namespace))
        {
            foreach (var (name, hard) in quota.Object("spec").Object("hard") ?? [])
            {
                if (QuotaResource.Parse(name) is { } counted && counted.Group == request.Definition.Group && counted.Plural == request.Definition.Plural &&
                    counted.Counts(request.Object!))
                {
                    Check(request, quota, name, hard, counted);
                }
            }
        }

        return [];
    }

    private void Check(AdmissionRequest request, JsonObject quota, string name, JsonNode? hard, QuotaResource counted)
    {
        var used = _api.List(counted.Group, counted.Plural, request.Namespace).Count(counted.Counts);
        if (!Quantity.TryParse(hard.Text(), out var limit) || !(Quantity.Of(used + 1) > limit))
            return;
        throw ApiErrors.Forbidden(
            request.Definition, request.Name,
            $"exceeded quota: {quota.Name()}, requested: {name}=1, used: {name}={used}, limited: {name}={limit}");
    }
}
