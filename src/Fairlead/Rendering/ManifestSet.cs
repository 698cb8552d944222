using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.CustomResources;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;
using Fairlead.Manifests;
using Fairlead.Operator.CustomResourceDefinitions;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Output;

namespace Fairlead.Rendering;

/// <summary>The manifests that concern the operator, checked as a server would check them.</summary>
internal sealed class ManifestSet
{
    // Of both families: what a cluster's own ranges are is not known here, so nothing is held against a Service for them.
    private static readonly BuiltInOptions AnyCluster = new()
    {
        ServiceRanges = [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/112")],
    };

    private readonly string _defaultNamespace;
    private readonly ResourceDefinition _serviceDefinition;
    private readonly ResourceDefinition _classDefinition;
    private readonly List<(SourceObject, Service)> _services = [];
    private readonly List<ProxyClass> _classes = [];

    public ManifestSet(string defaultNamespace)
    {
        _defaultNamespace = defaultNamespace;
        _serviceDefinition = BuiltInResources.All(AnyCluster).Single(definition => definition is { Group: "", Plural: "services" });
        _classDefinition = TailscaleDefinitions.All
            .SelectMany(crd => CustomResourceDefinitions.ToDefinitions(ObjectJson.Of(KubernetesResources.CustomResourceDefinitions, crd)))
            .Single(definition => definition.Kind == TailscaleResources.ProxyClasses.Kind);
    }

    public IReadOnlyList<(SourceObject Source, Service Service)> Services => _services;

    public IReadOnlyList<ProxyClass> Classes => _classes;

    /// <summary>Takes an object in; of a kind that does not concern the operator, nothing.</summary>
    public ImmutableArray<ManifestProblem> Add(SourceObject source) => (source.ApiVersion, source.Kind) switch
    {
        ("v1", "Service") => AddService(source),
        (TailscaleResources.Group + "/" + TailscaleResources.Version, "ProxyClass") => AddClass(source),
        _ => [],
    };

    private ImmutableArray<ManifestProblem> AddService(SourceObject source)
    {
        var body = source.Body.DeepClone().AsObject();
        if (source.Namespace.Length == 0)
        {
            body["metadata"]!["namespace"] = _defaultNamespace;
        }

        var problems = Check(_serviceDefinition, source, WithoutAddress(body));
        if (problems.Length == 0)
        {
            _services.Add((source, ObjectCodec.Decode(KubernetesResources.Services, Utf8(body))));
        }

        return problems;
    }

    private ImmutableArray<ManifestProblem> AddClass(SourceObject source)
    {
        var problems = Check(_classDefinition, source, source.Body);
        if (problems.Length == 0)
        {
            // A class without faults is one the operator would declare ready.
            var found = ObjectCodec.Decode(TailscaleResources.ProxyClasses, Utf8(source.Body));
            var ready = new Condition { Type = ProxyClass.ReadyCondition, Status = "True", Reason = ProxyClass.ReadyCondition, ObservedGeneration = found.Metadata.Generation };
            _classes.Add(found with { Status = new ProxyClassStatus { Conditions = [ready] } });
        }

        return problems;
    }

    private ImmutableArray<ManifestProblem> Check(ResourceDefinition definition, SourceObject source, JsonObject body) =>
    [
        .. ManifestValidator.Validate(definition, body).Select(error =>
            Problem(source, definition.Namespaced ? _defaultNamespace : "", WithBrackets(error.Field), error)),
    ];

    /// <summary>The object without the addresses it asks for, which only its own cluster can judge.</summary>
    private static JsonObject WithoutAddress(JsonObject service)
    {
        var copy = service.DeepClone().AsObject();
        if (copy["spec"] is JsonObject spec && spec["clusterIP"] is JsonValue value
            && value.TryGetValue<string>(out var text) && IPAddress.TryParse(text, out _))
        {
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
        }

        return copy;
    }

    private static ManifestProblem Problem(SourceObject source, string defaultNamespace, string field, FieldError error) =>
        new(source.PositionOf(field), source.Describe(defaultNamespace), field, TextOf(error));

    // The schema's words for the commonest of mistakes, a Boolean or number without quotes, say less than these.
    private static string TextOf(FieldError error) => error.Type == FieldErrorType.TypeInvalid && error.Detail.Contains("type string", StringComparison.Ordinal)
        ? $"this must be a text, but is {error.Value?.Trim('"')}; put the value in quotes"
        : error.Message();

    /// <summary>Keys of labels and annotations may have dots in them, with which a path would lead elsewhere.</summary>
    private static string WithBrackets(string field)
    {
        foreach (var map in (ReadOnlySpan<string>)["metadata.annotations", "metadata.labels"])
        {
            if (field.StartsWith(map + ".", StringComparison.Ordinal))
            {
                return $"{map}[{field[(map.Length + 1)..]}]";
            }
        }

        return field;
    }

    private static byte[] Utf8(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());
}
