using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Proxies;

/// <summary>Pod of a proxy that forwards in the kernel, as upstream's: everything here is wire contract.</summary>
internal static class PrivilegedPod
{
    private const string ForwardingScript =
        "echo 1 > /proc/sys/net/ipv4/ip_forward && "
        + "if [ -e /proc/sys/net/ipv6/conf/all/forwarding ]; then echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; fi";

    public static PodSpec Of(PodSpec pod, OperatorSettings settings) => pod with
    {
        InitContainers =
        [
            new Container
            {
                Name = ContainerOverlay.ForwardingContainer,
                Image = settings.ProxyImage,
                Command = ["/bin/sh", "-c"],
                Args = [ForwardingScript],
                SecurityContext = new SecurityContext { Privileged = true },
            },
        ],
        Containers = [.. pod.Containers!.Select(Privileged)],
    };

    private static Container Privileged(Container container) => container with
    {
        ImagePullPolicy = "Always",
        SecurityContext = new SecurityContext { Privileged = true },
    };
}
