using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyGroups;

public sealed record ProxyGroupDevice : ExtensibleRecord
{
    [Required]
    [Description("First label of the device's MagicDNS name.")]
    public string? Hostname { get; init; }

    [JsonPropertyName("tailnetIPs")]
    [Description("Addresses of the device on the tailnet.")]
    public IReadOnlyList<string>? TailnetIPs { get; init; }

    [Description("Addresses, each with a port, at which the device is reached without a relay, from its ProxyClass's static endpoints.")]
    public IReadOnlyList<string>? StaticEndpoints { get; init; }
}
