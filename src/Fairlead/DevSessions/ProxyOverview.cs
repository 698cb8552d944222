using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.DevSessions;

/// <summary>What exists for one Service that asks for a proxy.</summary>
internal sealed record ProxyOverview
{
    private static readonly string[] ChildKinds = ["Service", "Secret", "StatefulSet"];

    public required ObjectKey Service { get; init; }

    /// <summary>Of the Service.</summary>
    public required string Uid { get; init; }

    /// <summary>Of what the operator creates.</summary>
    public required string Namespace { get; init; }

    /// <summary>Whole name of its device, which the tailnet made unique; null while it is not on the tailnet.</summary>
    public string? DeviceName { get; init; }

    public required string Hostname { get; init; }

    public required string Target { get; init; }

    public required bool IsEgress { get; init; }

    /// <summary>Name of the headless Service and the StatefulSet; null while one of them is missing.</summary>
    public string? Proxy { get; init; }

    /// <summary>Addresses of its device; empty while it is not on the tailnet.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The first of them; empty without any.</summary>
    public string Address => Addresses is [var first, ..] ? first : "";

    /// <summary>Kinds of objects that are missing still.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public Condition? Ready { get; init; }

    public Condition? Running { get; init; }

    /// <summary>Its device is on the tailnet and forwards.</summary>
    public bool IsRunning => Missing.Count == 0 && Running is { Status: "True" } && Addresses.Count > 0;

    /// <summary>The Service itself is wrong: waiting does not help.</summary>
    public bool IsInvalid => Ready?.Reason == ServiceConditions.Invalid;

    /// <summary>All Services among some objects that ask for a proxy of their own.</summary>
    public static IReadOnlyList<ProxyOverview> Of(IReadOnlyCollection<JsonObject> objects, OperatorSettings settings)
    {
        var children = objects.ToLookup(ParentOf);
        return
        [
            .. from body in objects
               where KindOf(body) == KubernetesResources.Services.Kind && ParentOf(body) is null
               let service = ObjectCodec.Decode(KubernetesResources.Services, Encoding.UTF8.GetBytes(body.ToJsonString()))
               where !ServiceProxyMode.BelongsToProxyGroup(service)
               let target = ServiceProxyMode.TargetOf(service, settings)
               where target is not null
               let key = new ObjectKey(service.Metadata.Namespace ?? "", service.Metadata.Name ?? "")
               select Of(service, key, target, settings.Namespace, [.. children[new ProxyParent(ProxyParent.ServiceType, key.Namespace, key.Name)]]),
        ];
    }

    private static ProxyOverview Of(Service service, ObjectKey key, ProxyTarget target, string ns, IReadOnlyList<JsonObject> children)
    {
        var kinds = children.Select(KindOf).ToHashSet(StringComparer.Ordinal);
        var state = children.FirstOrDefault(child => KindOf(child) == "Secret" && DeviceState.NameIn(child) is not null);
        return new ProxyOverview
        {
            Service = key,
            Uid = service.Metadata.Uid ?? "",
            Namespace = ns,
            DeviceName = DeviceState.NameIn(state),
            Hostname = ServiceValidation.HostnameOf(service),
            Target = target.Value,
            IsEgress = target.IsEgress,
            Proxy = children.Where(child => KindOf(child) == "StatefulSet").Select(child => (string?)child["metadata"]?["name"]).FirstOrDefault(),
            Addresses = DeviceState.AddressesIn(state),
            Missing = [.. ChildKinds.Where(kind => !kinds.Contains(kind))],
            Ready = Find(service, ServiceConditions.ProxyReady),
            Running = Find(service, ServiceConditions.ProxyRunning),
        };
    }

    private static Condition? Find(Service service, string type) => service.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);

    private static string? KindOf(JsonObject obj) => (string?)obj["kind"];

    private static ProxyParent? ParentOf(JsonObject obj) =>
        obj["metadata"]?["labels"] is JsonObject labels
            ? ProxyLabels.ParentOf(labels.ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "", StringComparer.Ordinal))
            : null;
}
