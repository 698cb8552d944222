using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Admission.Policies;

/// <summary>Enforces the ValidatingAdmissionPolicies that bindings put into force, as they are stored at the moment.</summary>
public sealed class ValidatingPolicies : IAdmission
{
    private const string Group = "admissionregistration.k8s.io";

    private readonly IClusterApi _api;

    public ValidatingPolicies(IClusterApi api) => _api = api;

    public IReadOnlyList<string> Admit(AdmissionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        // A policy must not be able to keep itself from being mended.
        if (request.Definition.Group == Group)
            return [];
        var bindings = _api.List(Group, "validatingadmissionpolicybindings");
        if (bindings.Count == 0)
            return [];

        var warnings = new List<string>();
        var ns = NamespaceOf(request);
        foreach (var policy in _api.List(Group, "validatingadmissionpolicies"))
        {
            var inForce = bindings.Where(b => b.Object("spec").Text("policyName") == policy.Name() && PolicyMatch.Includes(b.Object("spec").Object("matchResources"), request, ns)).ToList();
            if (inForce.Count > 0 && PolicyMatch.Includes(policy.Object("spec").Object("matchConstraints"), request, ns))
                Enforce(policy, inForce, request, ns, warnings);
        }

        return warnings;
    }

    private JsonObject? NamespaceOf(AdmissionRequest request)
    {
        if (request.Definition is { Group: "", Plural: "namespaces" })
            return request.Object ?? request.OldObject;
        return request.Namespace.Length == 0 ? null : _api.Get("", "namespaces", null, request.Namespace);
    }

    private static void Enforce(JsonObject policy, List<JsonObject> bindings, AdmissionRequest request, JsonObject? ns, List<string> warnings)
    {
        var evaluation = new PolicyEvaluation(policy, request, ns);
        var violations = new List<PolicyViolation>();
        if (evaluation.Applies(violations))
            violations.AddRange(evaluation.Violations());
        foreach (var binding in bindings)
        {
            var actions = binding.Object("spec").Texts("validationActions").ToList();
            foreach (var violation in violations)
            {
                var source = $"ValidatingAdmissionPolicy '{policy.Name()}' with binding '{binding.Name()}'";
                if (actions.Contains("Deny"))
                    throw Denial(request, violation, source);
                if (actions.Contains("Warn"))
                    warnings.Add($"Validation failed for {source}: {violation.Message}");
            }
        }
    }

    private static ApiStatusException Denial(AdmissionRequest request, PolicyViolation violation, string source)
    {
        var code = violation.Reason switch
        {
            "Unauthorized" => 401,
            "Forbidden" => 403,
            "RequestEntityTooLarge" => 413,
            _ => 422,
        };
        return new ApiStatusException(
            code, violation.Reason, $"{request.Definition.GroupResource} \"{request.Name}\" is forbidden: {source} denied request: {violation.Message}")
        {
            Group = request.Definition.Group,
            Kind = request.Definition.Plural,
            Name = request.Name,
            OtherCauses = [new StatusCause("", $"{source} denied request: {violation.Message}")],
        };
    }
}
