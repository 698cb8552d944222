using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// Pod of a proxy with the managed engine: what PodSecurity's level <c>restricted</c> asks for. It stands at the container, as a
/// ProxyClass with a <c>pod</c> section decides alone over the Pod's own security context.
/// </summary>
internal static class UnprivilegedPod
{
    /// <summary>
    /// One of the sysctls that Kubernetes counts as safe and <c>restricted</c> admits. Not every container runtime sets it for Pods, and
    /// nothing else lets a process without capabilities listen on port 53 or 443.
    /// </summary>
    private const string LowestUnprivilegedPort = "net.ipv4.ip_unprivileged_port_start";

    private const string TemporaryFolder = "/tmp";

    /// <param name="command">Verb of the program, which is the image's entry point.</param>
    public static PodSpec Of(PodSpec pod, ProxySpec proxy, string command) => pod with
    {
        Containers = [.. pod.Containers!.Select(container => Unprivileged(container, command))],
        Volumes = [.. pod.Volumes ?? [], new Volume { Name = "tmp", EmptyDir = new EmptyDirVolumeSource() }],

        // A served Ingress takes the cluster's traffic on ports 80 and 443.
        SecurityContext = proxy.ServesCluster || proxy.EgressPorts.Any(port => port.IsPrivileged)
            ? new PodSecurityContext { Sysctls = [new Sysctl { Name = LowestUnprivilegedPort, Value = "0" }] }
            : null,
    };

    // The user is the image's: a number here would keep the Pod out of clusters that give every namespace users of its own.
    private static Container Unprivileged(Container container, string command) => container with
    {
        Args = [command],
        SecurityContext = new SecurityContext
        {
            RunAsNonRoot = true,
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            Capabilities = new Capabilities { Drop = ["ALL"] },
            SeccompProfile = new SeccompProfile { Type = "RuntimeDefault" },
        },
        VolumeMounts = [.. container.VolumeMounts ?? [], new VolumeMount { Name = "tmp", MountPath = TemporaryFolder }],
    };
}
