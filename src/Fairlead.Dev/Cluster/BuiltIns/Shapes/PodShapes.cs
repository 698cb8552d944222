using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.ContainerShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.SchedulingShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Pods and Pod templates.</summary>
internal static class PodShapes
{
    private static readonly SchemaNode PodSecurityContext = Object(
        ("seLinuxOptions", SeLinuxOptions), ("windowsOptions", WindowsOptions), ("runAsUser", OptionalNumber64), ("runAsGroup", OptionalNumber64),
        ("runAsNonRoot", OptionalFlag), ("supplementalGroups", List(OptionalNumber64)), ("supplementalGroupsPolicy", OptionalOneOf("Merge", "Strict")),
        ("fsGroup", OptionalNumber64), ("sysctls", List(Object(("name!", Text), ("value!", Text)))),
        ("fsGroupChangePolicy", OptionalOneOf("Always", "OnRootMismatch")), ("seccompProfile", SeccompProfile),
        ("appArmorProfile", SeccompProfile), ("seLinuxChangePolicy", OptionalOneOf("MountOption", "Recursive")));

    private static readonly SchemaNode DnsConfig = Object(
        ("nameservers", TextList), ("searches", TextList), ("options", List(Object(("name", Text), ("value", OptionalText)))));

    public static readonly SchemaNode PodSpec = Object(
        ("volumes", Keyed(VolumeShapes.Volume, "name").RetainKeys().About("Volumes that containers of the Pod can mount.")),
        ("initContainers", Keyed(Container, "name").About("Containers that run, one after another, before the others start.")),
        ("containers!", Keyed(Container, "name").About("Containers of the Pod; at least one.")),
        ("ephemeralContainers", Keyed(EphemeralContainer, "name").About("Containers added to a running Pod for debugging.")),
        ("restartPolicy", OneOf("Always", "OnFailure", "Never").Default("Always").About("When containers are started again.")),
        ("terminationGracePeriodSeconds", OptionalNumber64.Default(30).About("Seconds the Pod has to end gracefully.")),
        ("activeDeadlineSeconds", OptionalNumber64),
        ("dnsPolicy", OneOf("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None").Default("ClusterFirst")),
        ("nodeSelector", TextMap.Atomic().About("Labels a node must have.")),
        ("serviceAccountName", Text.About("ServiceAccount the Pod runs as.")),
        ("serviceAccount", Text.About("Former name of serviceAccountName.")),
        ("automountServiceAccountToken", OptionalFlag),
        ("nodeName", Text.About("Node the Pod is bound to.")),
        ("hostNetwork", Flag), ("hostPID", Flag), ("hostIPC", Flag), ("shareProcessNamespace", OptionalFlag),
        ("securityContext", PodSecurityContext.Present().About("Privileges shared by all containers.")),
        ("imagePullSecrets", Keyed(LocalObjectReference, "name").About("Secrets for pulling images.")),
        ("hostname", Text), ("subdomain", Text), ("affinity", Affinity),
        ("schedulerName", Text.Default("default-scheduler")),
        ("tolerations", List(Toleration)),
        ("hostAliases", Keyed(Object(("ip!", Text), ("hostnames", TextList)), "ip")),
        ("priorityClassName", Text), ("priority", OptionalNumber32), ("dnsConfig", DnsConfig),
        ("readinessGates", List(Object(("conditionType!", Text)))),
        ("runtimeClassName", OptionalText), ("enableServiceLinks", OptionalFlag),
        ("preemptionPolicy", OptionalOneOf("PreemptLowerPriority", "Never")), ("overhead", QuantityMap),
        ("topologySpreadConstraints", Keyed(TopologySpreadConstraint, "topologyKey", "whenUnsatisfiable")),
        ("setHostnameAsFQDN", OptionalFlag), ("os", Object(("name!", Text))), ("hostUsers", OptionalFlag),
        ("schedulingGates", Keyed(Object(("name!", Text)), "name")),
        ("resourceClaims", Keyed(
            Object(("name!", Text), ("resourceClaimName", OptionalText), ("resourceClaimTemplateName", OptionalText)), "name").RetainKeys()),
        ("resources", ResourceRequirements), ("hostnameOverride", OptionalText),
        ("schedulingGroup", Object(("podGroupName", OptionalText))));

    public static readonly SchemaNode PodTemplateSpec = Object(
        ("metadata", ObjectMeta.Present().About("Labels and annotations of the Pods.")),
        ("spec", PodSpec.Present().About("What the Pods run.")));

    private static readonly SchemaNode ContainerState = Object(
        ("waiting", Object(("reason", Text), ("message", Text))),
        ("running", Object(("startedAt", Time))),
        ("terminated", Object(
            ("exitCode!", Number32), ("signal", Number32), ("reason", Text), ("message", Text), ("startedAt", Time), ("finishedAt", Time),
            ("containerID", Text))));

    private static readonly SchemaNode ResourceHealth = Object(
        ("name!", Text), ("resources", Keyed(Object(("resourceID!", Text), ("health", Text), ("message", OptionalText)), "resourceID") with
        {
            PatchMergeKey = null,
            PatchStrategy = PatchStrategy.Replace,
        }));

    private static readonly SchemaNode ContainerStatus = Object(
        ("name!", Text), ("state", ContainerState.Present()), ("lastState", ContainerState.Present()), ("ready!", Flag), ("restartCount!", Number32),
        ("image!", Text), ("imageID!", Text), ("containerID", Text), ("started", OptionalFlag), ("allocatedResources", QuantityMap),
        ("resources", ResourceRequirements),
        ("volumeMounts", Keyed(Object(("name!", Text), ("mountPath!", Text), ("readOnly", Flag), ("recursiveReadOnly", OptionalText),
            ("volumeStatus", Object(("image", Object(("imageRef!", Text)))))), "mountPath")),
        ("user", Object(("linux", Object(("uid!", Number64), ("gid!", Number64), ("supplementalGroups", List(OptionalNumber64)))))),
        ("allocatedResourcesStatus", Keyed(ResourceHealth, "name")), ("stopSignal", OptionalText));

    private static readonly SchemaNode Address = Object(("ip!", Text));

    public static readonly SchemaNode PodStatus = Object(
        ("observedGeneration", Number64),
        ("phase", Text.Default("Pending").About("Pending, Running, Succeeded, Failed or Unknown.")),
        ("conditions", Keyed(
            Object(
                ("type!", Text), ("observedGeneration", Number64), ("status!", Text), ("lastProbeTime", Time), ("lastTransitionTime", Time),
                ("reason", Text), ("message", Text)),
            "type")),
        ("message", Text), ("reason", Text), ("nominatedNodeName", Text), ("hostIP", Text),
        ("hostIPs", List(Address).Merged("ip")), ("podIP", Text), ("podIPs", Keyed(Address, "ip")), ("startTime", Time),
        ("initContainerStatuses", List(ContainerStatus)), ("containerStatuses", List(ContainerStatus)),
        ("qosClass", Text), ("ephemeralContainerStatuses", List(ContainerStatus)), ("resize", Text),
        ("resourceClaimStatuses", Keyed(Object(("name!", Text), ("resourceClaimName", OptionalText)), "name").RetainKeys()),
        ("extendedResourceClaimStatus", Object(
            ("requestMappings", List(Object(("containerName!", Text), ("resourceName!", Text), ("requestName!", Text))).KeepEmpty()),
            ("resourceClaimName!", Text))),
        ("nodeAllocatableResourceClaimStatuses", List(Object(
            ("resourceClaimName!", Text), ("containers", SetOf(OptionalText)), ("resources!", QuantityMap)))),
        ("allocatedResources", QuantityMap), ("resources", ResourceRequirements));

    public static readonly SchemaNode Pod = Resource(
        "Containers that run together on one node.",
        ("spec", PodSpec.Present().About("What the Pod shall run.")),
        ("status", PodStatus.Present().About("What is known of the running Pod.")));

    public static readonly SchemaNode PodTemplate = Resource("A template for Pods.", ("template", PodTemplateSpec.Present()));
}
