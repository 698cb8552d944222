using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>Pod of a tailscaled that forwards nothing in the kernel and so needs no privileges, as upstream's: everything here is wire contract.</summary>
internal static class UserspacePod
{
    public static PodSpec Of(PodSpec pod) => pod with
    {
        Containers = [.. pod.Containers!.Select(container => container with { ImagePullPolicy = "Always" })],
    };
}
