using Fairlead.Dev.Cluster.BuiltIns.Columns;
using Fairlead.Dev.Cluster.BuiltIns.Rules;
using Fairlead.Dev.Cluster.BuiltIns.Shapes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.BuiltIns.Catalog;

/// <summary>Networking, discovery, coordination, events, access, admission, scheduling and storage groups.</summary>
internal static class ClusterResources
{
    private const string Admission = "admissionregistration.k8s.io";

    public static IEnumerable<ResourceDefinition> All(BuiltInOptions options) =>
    [
        Definition.Of("networking.k8s.io", "v1", "Ingress", "ingresses", NetworkingShapes.Ingress) with
        {
            ShortNames = ["ing"],
            HasStatus = true,
            TracksGeneration = true,
            Columns = ServiceColumns.Ingress,
            Strategy = new BuiltInStrategy(NetworkingShapes.Ingress, validate: IngressRules.CheckIngress),
        },
        Definition.Of("networking.k8s.io", "v1", "IngressClass", "ingressclasses", NetworkingShapes.IngressClass) with
        {
            Namespaced = false,
            TracksGeneration = true,
            Columns = ServiceColumns.IngressClass,
            Strategy = new BuiltInStrategy(NetworkingShapes.IngressClass, validate: IngressRules.CheckIngressClass),
        },
        Definition.Of("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", NetworkingShapes.NetworkPolicy) with
        {
            ShortNames = ["netpol"],
            TracksGeneration = true,
            Columns = CoreColumns.NetworkPolicy,
            Strategy = new BuiltInStrategy(NetworkingShapes.NetworkPolicy, NetworkPolicyRules.Prepare, NetworkPolicyRules.Check),
        },
        Definition.Of("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", ServiceShapes.EndpointSlice) with
        {
            TracksGeneration = true,
            Columns = ServiceColumns.EndpointSlice,
            Strategy = new BuiltInStrategy(ServiceShapes.EndpointSlice, validate: new EndpointRules(options.LoopbackEndpoints).CheckSlice),
        },
        Definition.Of("coordination.k8s.io", "v1", "Lease", "leases", CoreShapes.Lease) with
        {
            AllowsCreateOnUpdate = true,
            AllowsUnconditionalUpdate = false,
            Columns = CoreColumns.Lease,
            Strategy = new BuiltInStrategy(CoreShapes.Lease, validate: EventRules.CheckLease),
        },
        Definition.Of("events.k8s.io", "v1", "Event", "events", CoreShapes.EventsEvent) with
        {
            ShortNames = ["ev"],
            AllowsCreateOnUpdate = true,
            Columns = CoreColumns.Event,
            SelectableFields =
            [
                "reason", "regarding.apiVersion", "regarding.fieldPath", "regarding.kind", "regarding.name", "regarding.namespace",
                "regarding.resourceVersion", "regarding.uid", "reportingController", "type",
            ],
            Strategy = new BuiltInStrategy(CoreShapes.EventsEvent, validate: EventRules.CheckNew),
        },
        Access("Role", "roles", RbacShapes.Role) with { Columns = AccessColumns.Role },
        Access("ClusterRole", "clusterroles", RbacShapes.ClusterRole) with { Namespaced = false, Columns = AccessColumns.Role },
        Access("RoleBinding", "rolebindings", RbacShapes.Binding),
        Access("ClusterRoleBinding", "clusterrolebindings", RbacShapes.Binding) with { Namespaced = false },
        AdmissionResource("ValidatingAdmissionPolicy", "validatingadmissionpolicies", AdmissionShapes.ValidatingAdmissionPolicy) with
        {
            HasStatus = true,
            Columns = AccessColumns.Policy,
            Strategy = new BuiltInStrategy(AdmissionShapes.ValidatingAdmissionPolicy, validate: AdmissionRules.CheckPolicy),
        },
        AdmissionResource(
            "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", AdmissionShapes.ValidatingAdmissionPolicyBinding) with
        {
            Columns = AccessColumns.PolicyBinding,
            Strategy = new BuiltInStrategy(AdmissionShapes.ValidatingAdmissionPolicyBinding, validate: AdmissionRules.CheckBinding),
        },
        AdmissionResource("ValidatingWebhookConfiguration", "validatingwebhookconfigurations", AdmissionShapes.ValidatingWebhookConfiguration) with
        {
            Columns = AccessColumns.Webhooks,
            Strategy = new BuiltInStrategy(AdmissionShapes.ValidatingWebhookConfiguration, validate: AdmissionRules.RefuseWebhooks),
        },
        AdmissionResource("MutatingWebhookConfiguration", "mutatingwebhookconfigurations", AdmissionShapes.MutatingWebhookConfiguration) with
        {
            Columns = AccessColumns.Webhooks,
            Strategy = new BuiltInStrategy(AdmissionShapes.MutatingWebhookConfiguration, validate: AdmissionRules.RefuseWebhooks),
        },
        Definition.Of("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", SchedulingShapes.PriorityClass) with
        {
            Namespaced = false,
            ShortNames = ["pc"],
            TracksGeneration = true,
            Columns = CoreColumns.PriorityClass,
            Strategy = new BuiltInStrategy(SchedulingShapes.PriorityClass, validate: StorageRules.CheckPriorityClass),
        },
        Definition.Of("storage.k8s.io", "v1", "StorageClass", "storageclasses", VolumeShapes.StorageClass) with
        {
            Namespaced = false,
            ShortNames = ["sc"],
            Columns = CoreColumns.StorageClass,
            Strategy = new BuiltInStrategy(VolumeShapes.StorageClass, validate: StorageRules.CheckStorageClass),
        },
    ];

    private static ResourceDefinition Access(string kind, string plural, Schemas.SchemaNode schema) =>
        Definition.Of("rbac.authorization.k8s.io", "v1", kind, plural, schema) with
        {
            NameRule = NameRule.PathSegment,
            AllowsCreateOnUpdate = true,
            Columns = AccessColumns.Binding,
            Strategy = new BuiltInStrategy(schema, RoleRules.Prepare, RoleRules.Check),
        };

    private static ResourceDefinition AdmissionResource(string kind, string plural, Schemas.SchemaNode schema) =>
        Definition.Of(Admission, "v1", kind, plural, schema) with
        {
            Namespaced = false,
            TracksGeneration = true,
            AllowsUnconditionalUpdate = false,
            Categories = ["api-extensions"],
        };
}
