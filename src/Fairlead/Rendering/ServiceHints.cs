using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Rendering;

/// <summary>What is valid on a Service and yet does not do what it looks like.</summary>
internal static class ServiceHints
{
    private const string Domain = "tailscale.com/";

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        ServiceAnnotations.Expose, ServiceAnnotations.Hostname, ServiceAnnotations.Tags, ServiceAnnotations.TailnetIp,
        ServiceAnnotations.TailnetTargetIp, ServiceAnnotations.TailnetFqdn, ServiceAnnotations.ProxyClass, ServiceAnnotations.ProxyGroup,
    };

    public static IEnumerable<(string Field, string Text)> Of(Service service)
    {
        foreach (var (key, value) in service.Metadata.Annotations ?? new Dictionary<string, string>())
        {
            if (key == ServiceAnnotations.Expose && value != "true")
            {
                yield return (ServiceViolation.PathOf(key), $"\"{value}\" has no effect; only \"true\" exposes the Service");
            }
            else if (key.StartsWith(Domain, StringComparison.Ordinal) && !Known.Contains(key))
            {
                yield return (ServiceViolation.PathOf(key), $"no annotation of this name has an effect on Services; there are: {string.Join(", ", Known.Order(StringComparer.Ordinal))}");
            }
        }
    }
}
