using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Containers of a Pod and what they are made of.</summary>
internal static class ContainerShapes
{
    public static readonly SchemaNode Protocol = OneOf("TCP", "UDP", "SCTP");

    private static readonly SchemaNode ContainerPort = Object(
        ("name", Text), ("hostPort", Number32), ("containerPort!", Number32), ("protocol", Protocol.Default("TCP")), ("hostIP", Text));

    public static readonly SchemaNode ObjectFieldSelector = Object(
        ("apiVersion", Text.Default("v1")), ("fieldPath!", Text)).Atomic();

    public static readonly SchemaNode ResourceFieldSelector = Object(
        ("containerName", Text), ("resource!", Text), ("divisor", QuantityText.Default("0"))).Atomic();

    private static readonly SchemaNode KeySelector = Object(("name", Text), ("key!", Text), ("optional", OptionalFlag)).Atomic();

    private static readonly SchemaNode FileKeySelector = Object(
        ("volumeName!", Text), ("path!", Text), ("key!", Text), ("optional", OptionalFlag.Default(false))).Atomic();

    public static readonly SchemaNode EnvVar = Object(
        ("name!", Text),
        ("value", Text),
        ("valueFrom", Object(
            ("fieldRef", ObjectFieldSelector), ("resourceFieldRef", ResourceFieldSelector), ("configMapKeyRef", KeySelector),
            ("secretKeyRef", KeySelector), ("fileKeyRef", FileKeySelector))));

    private static readonly SchemaNode EnvSource = Object(("name", Text), ("optional", OptionalFlag));

    public static readonly SchemaNode EnvFromSource = Object(
        ("prefix", Text), ("configMapRef", EnvSource), ("secretRef", EnvSource));

    public static readonly SchemaNode ResourceClaim = Object(("name!", Text), ("request", Text));

    public static readonly SchemaNode ResourceRequirements = Object(
        ("limits", QuantityMap), ("requests", QuantityMap), ("claims", Keyed(ResourceClaim, "name") with { PatchMergeKey = null, PatchStrategy = PatchStrategy.Replace }));

    private static readonly SchemaNode VolumeMount = Object(
        ("name!", Text), ("readOnly", Flag), ("recursiveReadOnly", OptionalText), ("mountPath!", Text), ("subPath", Text),
        ("mountPropagation", OptionalOneOf("None", "HostToContainer", "Bidirectional")), ("subPathExpr", Text));

    private static readonly SchemaNode VolumeDevice = Object(("name!", Text), ("devicePath!", Text));

    private static readonly SchemaNode ExecAction = Object(("command", TextList));

    private static readonly SchemaNode HttpHeader = Object(("name!", Text), ("value!", Text));

    private static readonly SchemaNode HttpGetAction = Object(
        ("path", Text.Default("/")), ("port!", IntOrString), ("host", Text), ("scheme", OneOf("HTTP", "HTTPS").Default("HTTP")),
        ("httpHeaders", List(HttpHeader)));

    private static readonly SchemaNode TcpSocketAction = Object(("port!", IntOrString), ("host", Text));

    public static readonly SchemaNode Probe = Object(
        ("exec", ExecAction), ("httpGet", HttpGetAction), ("tcpSocket", TcpSocketAction),
        ("grpc", Object(("port!", Number32), ("service", OptionalText.Default("")))),
        ("initialDelaySeconds", Number32), ("timeoutSeconds", Number32.Default(1)), ("periodSeconds", Number32.Default(10)),
        ("successThreshold", Number32.Default(1)), ("failureThreshold", Number32.Default(3)), ("terminationGracePeriodSeconds", OptionalNumber64));

    private static readonly SchemaNode LifecycleHandler = Object(
        ("exec", ExecAction), ("httpGet", HttpGetAction), ("tcpSocket", TcpSocketAction), ("sleep", Object(("seconds!", Number64))));

    private static readonly SchemaNode Lifecycle = Object(
        ("postStart", LifecycleHandler), ("preStop", LifecycleHandler), ("stopSignal", OptionalText));

    public static readonly SchemaNode SeLinuxOptions = Object(("user", Text), ("role", Text), ("type", Text), ("level", Text));

    public static readonly SchemaNode WindowsOptions = Object(
        ("gmsaCredentialSpecName", OptionalText), ("gmsaCredentialSpec", OptionalText), ("runAsUserName", OptionalText),
        ("hostProcess", OptionalFlag));

    public static readonly SchemaNode SeccompProfile = Object(
        ("type!", OneOf("Unconfined", "RuntimeDefault", "Localhost")), ("localhostProfile", OptionalText));

    public static readonly SchemaNode SecurityContext = Object(
        ("capabilities", Object(("add", TextList), ("drop", TextList))),
        ("privileged", OptionalFlag), ("seLinuxOptions", SeLinuxOptions), ("windowsOptions", WindowsOptions),
        ("runAsUser", OptionalNumber64), ("runAsGroup", OptionalNumber64), ("runAsNonRoot", OptionalFlag),
        ("readOnlyRootFilesystem", OptionalFlag), ("allowPrivilegeEscalation", OptionalFlag),
        ("procMount", OptionalOneOf("Default", "Unmasked")), ("seccompProfile", SeccompProfile), ("appArmorProfile", SeccompProfile));

    private static readonly SchemaNode RestartPolicyRule = Object(
        ("action!", Text), ("exitCodes", Object(("operator!", Text), ("values", SetOf(OptionalNumber32)))));

    private static readonly (string, SchemaNode)[] Members =
    [
        ("name!", Text.About("Name, unique within the Pod.")),
        ("image", Text.About("Image reference.")),
        ("command", TextList.About("Replaces the image's entry point.")),
        ("args", TextList.About("Arguments of the entry point.")),
        ("workingDir", Text),
        ("ports", Keyed(ContainerPort, "containerPort", "protocol").About("Ports the container listens on.")),
        ("envFrom", List(EnvFromSource)),
        ("env", (Keyed(EnvVar, "name") with { AllowsRepeatedKeys = true }).About("Environment variables.")),
        ("resources", ResourceRequirements.Present().About("Requested and greatest amounts of compute resources.")),
        ("resizePolicy", List(Object(("resourceName!", Text), ("restartPolicy!", Text)))),
        ("restartPolicy", OptionalText),
        ("restartPolicyRules", List(RestartPolicyRule)),
        ("volumeMounts", Keyed(VolumeMount, "mountPath") with { ListType = ListType.Map }),
        ("volumeDevices", Keyed(VolumeDevice, "devicePath")),
        ("livenessProbe", Probe.About("Restarts the container when it fails.")),
        ("readinessProbe", Probe.About("Takes the Pod out of Services when it fails.")),
        ("startupProbe", Probe.About("Holds the other probes back until it succeeds.")),
        ("lifecycle", Lifecycle),
        ("terminationMessagePath", Text.Default("/dev/termination-log")),
        ("terminationMessagePolicy", OneOf("File", "FallbackToLogsOnError").Default("File")),
        ("imagePullPolicy", OneOf("Always", "Never", "IfNotPresent").About("When the image is pulled.")),
        ("securityContext", SecurityContext.About("Privileges of the container.")),
        ("stdin", Flag), ("stdinOnce", Flag), ("tty", Flag),
    ];

    public static readonly SchemaNode Container = Object(Members);

    public static readonly SchemaNode EphemeralContainer = Object([.. Members, ("targetContainerName", Text)]);
}
