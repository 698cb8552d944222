using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Manifests;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Output;

namespace Fairlead.Rendering;

/// <summary>Runs the plan for one Service without a cluster.</summary>
internal sealed class ServiceRenderer(OperatorSettings settings, ProxyClassResolver classes, string defaultNamespace)
{
    private readonly ImmutableArray<Manifest>.Builder _manifests = ImmutableArray.CreateBuilder<Manifest>();
    private readonly ImmutableArray<ManifestProblem>.Builder _problems = ImmutableArray.CreateBuilder<ManifestProblem>();
    private readonly ImmutableArray<ManifestProblem>.Builder _warnings = ImmutableArray.CreateBuilder<ManifestProblem>();

    public RenderResult Result => new()
    {
        Manifests = _manifests.ToImmutable(),
        Problems = _problems.ToImmutable(),
        Warnings = _warnings.ToImmutable(),
    };

    public void Add(SourceObject source, Service manifest)
    {
        var name = source.Describe(defaultNamespace);
        _warnings.AddRange(ServiceHints.Of(manifest).Select(hint => new ManifestProblem(source.PositionOf(hint.Field), name, hint.Field, hint.Text)));
        var notes = new List<string>();
        var service = Complete(manifest, notes);
        if (ServiceProxyMode.BelongsToProxyGroup(service))
        {
            var field = ServiceViolation.PathOf(ServiceAnnotations.ProxyGroup);
            _warnings.Add(new ManifestProblem(source.PositionOf(field), name, field, "the Service is left to a ProxyGroup, for which nothing is rendered"));
            return;
        }

        if (ServiceProxyMode.TargetOf(service, settings) is null)
        {
            return;
        }

        var violations = ServiceValidation.Violations(service, settings);
        if (violations.Length > 0)
        {
            _problems.AddRange(violations.Select(found => new ManifestProblem(source.PositionOf(found.Field), name, found.Field, found.Text)));
            return;
        }

        var plan = ServiceProxyPlan.For(new ServiceSnapshot
        {
            Service = service,
            Settings = settings,
            Children = ProxyChildren.None,
            ProxyClass = classes.Resolve(service.Metadata),
            ProxyName = ProxyNames.For(service.Metadata.Name!, service.Metadata.Uid!),
            Now = DateTimeOffset.UnixEpoch,
        });
        if (plan.Steps.IsEmpty)
        {
            var reason = plan.Status?.Invoke(PlanOutcome.Success).Status?.Conditions?.FirstOrDefault(c => c.Type == ServiceConditions.ProxyReady)?.Message;
            var field = ClassFieldOf(service);
            _problems.Add(new ManifestProblem(source.PositionOf(field), name, field, reason ?? "no proxy would be created"));
            return;
        }

        Add(plan, name, notes);
    }

    private void Add(ReconcilePlan<Service> plan, string name, List<string> notes)
    {
        var results = StepResults.Empty;
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case CallStep { Call: IssueAuthKeyCall issue, Slot: { } slot }:
                    results = results.With(slot, Placeholders.AuthKey);
                    notes.Add($"{Placeholders.AuthKey.Secret.Reveal()} stands for the single-use key that is issued with {string.Join(", ", issue.Tags)}.");
                    break;
                case ApplyStep apply:
                    var body = JsonObject.Create(apply.Render(results))!;
                    _manifests.Add(new Manifest(Readable(body), [$"{apply.Description}, for {name}", .. notes]));
                    notes.Clear();
                    break;
                default:
                    notes.Add($"{name}: {step.Description}");
                    break;
            }
        }

        if (notes.Count > 0 && _manifests.Count > 0)
        {
            _manifests[^1] = _manifests[^1] with { Notes = [.. _manifests[^1].Notes, .. notes.Select(note => $"Afterwards: {note}")] };
        }
    }

    /// <summary>The Service as a cluster would have stored it.</summary>
    private static Service Complete(Service service, List<string> notes)
    {
        var key = new ObjectKey(service.Metadata.Namespace ?? "", service.Metadata.Name ?? "");
        if (string.IsNullOrEmpty(service.Metadata.Uid))
        {
            service = service with { Metadata = service.Metadata with { Uid = Placeholders.UidOf(key) } };
            notes.Add($"UID {service.Metadata.Uid} and the end of the proxy's name are placeholders: a cluster gives the Service a UID of its own.");
        }

        var spec = service.Spec ?? new ServiceSpec();
        if (spec.Type != "ExternalName" && string.IsNullOrEmpty(spec.ClusterIP))
        {
            service = service with { Spec = spec with { ClusterIP = Placeholders.ClusterIp } };
            notes.Add($"{Placeholders.ClusterIp} is a placeholder: a cluster gives the Service an address of its own.");
        }

        return service;
    }

    /// <summary>With a Secret's content as text, which an API server takes as well as base64.</summary>
    private static JsonObject Readable(JsonObject body)
    {
        if ((string?)body["kind"] == KubernetesResources.Secrets.Kind && body["data"] is JsonObject data)
        {
            body.Remove("data");
            body["stringData"] = new JsonObject(data.Select(entry =>
                KeyValuePair.Create(entry.Key, (JsonNode?)Encoding.UTF8.GetString(Convert.FromBase64String((string)entry.Value!)))));
        }

        return body;
    }

    /// <summary>Where the ProxyClass is chosen, which is what a plan without steps still depends on here.</summary>
    private static string ClassFieldOf(Service service) =>
        service.Metadata.Labels?.ContainsKey(ProxyClassResolver.Key) == true ? $"metadata.labels[{ProxyClassResolver.Key}]"
        : service.Metadata.Annotations?.ContainsKey(ProxyClassResolver.Key) == true ? ServiceViolation.PathOf(ProxyClassResolver.Key)
        : "";
}
