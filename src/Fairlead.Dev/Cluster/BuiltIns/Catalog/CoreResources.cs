using Fairlead.Dev.Cluster.BuiltIns.Columns;
using Fairlead.Dev.Cluster.BuiltIns.Rules;
using Fairlead.Dev.Cluster.BuiltIns.Services;
using Fairlead.Dev.Cluster.BuiltIns.Shapes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.BuiltIns.Catalog;

/// <summary>Group-less resources.</summary>
internal static class CoreResources
{
    public static IEnumerable<ResourceDefinition> All(BuiltInOptions options) =>
    [
        Core("Namespace", "namespaces", CoreShapes.Namespace) with
        {
            Namespaced = false,
            ShortNames = ["ns"],
            HasStatus = true,
            NameRule = NameRule.DnsLabel,
            Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
            Columns = CoreColumns.Namespace,
            SelectableFields = ["name", "status.phase"],
            Strategy = new BuiltInStrategy(CoreShapes.Namespace, NamespaceRules.Prepare, NamespaceRules.Check),
        },
        Core("Node", "nodes", NodeShapes.Node) with
        {
            Namespaced = false, ShortNames = ["no"], HasStatus = true, Columns = CoreColumns.Node, SelectableFields = ["spec.unschedulable"],
        },
        Core("Pod", "pods", PodShapes.Pod) with
        {
            ShortNames = ["po"],
            Categories = ["all"],
            HasStatus = true,
            TracksGeneration = true,
            Columns = PodColumns.Pod,
            SelectableFields =
            [
                "spec.hostNetwork", "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase",
                "status.podIP", "status.podIPs", "status.nominatedNodeName",
            ],
            Strategy = new BuiltInStrategy(PodShapes.Pod, (pod, old) => PodDefaults.ApplyToPod(pod, old, options), PodRules.Check),
            DeletionGracePeriod = pod => pod.Object("spec").Text("nodeName") is null || pod.Object("status").Text("phase") is "Succeeded" or "Failed"
                ? 0
                : pod.Object("spec").Integer("terminationGracePeriodSeconds") ?? 30,
        },
        Core("PodTemplate", "podtemplates", PodShapes.PodTemplate) with
        {
            TracksGeneration = true,
            Columns = PodColumns.PodTemplate,
            Strategy = new BuiltInStrategy(PodShapes.PodTemplate, (o, _) => PodDefaults.ApplyToTemplate(o.Object("template"))),
        },
        Core("Service", "services", ServiceShapes.Service) with
        {
            ShortNames = ["svc"],
            Categories = ["all"],
            HasStatus = true,
            StatusTakesMetadata = true,
            NameRule = NameRule.DnsLabel,
            AllowsCreateOnUpdate = true,
            Columns = ServiceColumns.Service,
            SelectableFields = ["spec.clusterIP", "spec.type"],
            Strategy = new ServiceStrategy(options),
        },
        Core("Endpoints", "endpoints", ServiceShapes.Endpoints) with
        {
            Singular = "endpoints",
            ListKind = "EndpointsList",
            ShortNames = ["ep"],
            AllowsCreateOnUpdate = true,
            Columns = ServiceColumns.Endpoints,
            Strategy = new BuiltInStrategy(ServiceShapes.Endpoints, validate: new EndpointRules(options.LoopbackEndpoints).CheckEndpoints),
        },
        Core("Secret", "secrets", CoreShapes.Secret) with
        {
            Columns = CoreColumns.Secret,
            SelectableFields = ["type"],
            Strategy = new BuiltInStrategy(CoreShapes.Secret, (o, _) => DataRules.MergeStringData(o), DataRules.CheckSecret),
        },
        Core("ConfigMap", "configmaps", CoreShapes.ConfigMap) with
        {
            ShortNames = ["cm"],
            Columns = CoreColumns.ConfigMap,
            Strategy = new BuiltInStrategy(CoreShapes.ConfigMap, validate: DataRules.CheckConfigMap),
        },
        Core("ServiceAccount", "serviceaccounts", CoreShapes.ServiceAccount) with
        {
            ShortNames = ["sa"], Columns = CoreColumns.OnlyAge, Actions = options.ServiceAccountActions,
        },
        Core("Event", "events", CoreShapes.Event) with
        {
            ShortNames = ["ev"],
            AllowsCreateOnUpdate = true,
            Columns = CoreColumns.Event,
            SelectableFields =
            [
                "involvedObject.apiVersion", "involvedObject.fieldPath", "involvedObject.kind", "involvedObject.name", "involvedObject.namespace",
                "involvedObject.resourceVersion", "involvedObject.uid", "reason", "reportingComponent", "source", "type",
            ],
            Strategy = new BuiltInStrategy(CoreShapes.Event, validate: EventRules.CheckCore),
        },
        Core("PersistentVolumeClaim", "persistentvolumeclaims", VolumeShapes.PersistentVolumeClaim) with
        {
            ShortNames = ["pvc"],
            HasStatus = true,
            Columns = CoreColumns.PersistentVolumeClaim,
            Strategy = new BuiltInStrategy(VolumeShapes.PersistentVolumeClaim, validate: StorageRules.CheckClaim),
        },
        Core("PersistentVolume", "persistentvolumes", VolumeShapes.PersistentVolume) with
        {
            Namespaced = false,
            ShortNames = ["pv"],
            HasStatus = true,
            Columns = CoreColumns.PersistentVolume,
            Strategy = new BuiltInStrategy(VolumeShapes.PersistentVolume, validate: StorageRules.CheckVolume),
        },
        Core("LimitRange", "limitranges", CoreShapes.LimitRange) with
        {
            ShortNames = ["limits"],
            AllowsCreateOnUpdate = true,
            Columns = [Cells.Column("Created At", o => o.Object("metadata").Text("creationTimestamp") ?? "")],
            Strategy = new BuiltInStrategy(CoreShapes.LimitRange, validate: QuotaRules.RefuseLimitRange),
        },
        Core("ResourceQuota", "resourcequotas", CoreShapes.ResourceQuota) with
        {
            ShortNames = ["quota"],
            HasStatus = true,
            Columns = CoreColumns.ResourceQuota,
            Strategy = new BuiltInStrategy(CoreShapes.ResourceQuota, validate: QuotaRules.CheckQuota),
        },
        Core("ReplicationController", "replicationcontrollers", WorkloadShapes.ReplicationController) with
        {
            ShortNames = ["rc"],
            Categories = ["all"],
            HasStatus = true,
            TracksGeneration = true,
            Scale = new ScaleSubresource(".spec.replicas", ".status.replicas", ".spec.selector"),
            Columns = WorkloadColumns.ReplicaSet,
            SelectableFields = ["status.replicas"],
            Strategy = new BuiltInStrategy(
                WorkloadShapes.ReplicationController, (o, _) => WorkloadDefaults.ReplicationController(o), WorkloadRules.CheckReplicationController),
        },
    ];

    private static ResourceDefinition Core(string kind, string plural, Schemas.SchemaNode schema) => Definition.Of("", "v1", kind, plural, schema);
}
